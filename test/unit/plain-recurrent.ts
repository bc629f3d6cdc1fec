import type { RecurrentFixture } from "../fixtures/recurrent.ts";

type Numbers = ArrayLike<number>;

/** What a plain forward pass finds. */
export interface Played {
  /** `outputs` [B, T, D·P] and `final <state>` [B, P or H], as the fixture names them. */
  readonly results: ReadonlyMap<string, Float64Array>;
  /** The smallest |x| that any relu met; infinite without. */
  readonly margin: number;
}

/** A fixture's forward pass in float64, row by row and step by step, in the words of PyTorch's documentation. */
export function playPlain(fixture: RecurrentFixture, given: ReadonlyMap<string, Numbers>): Played {
  const { batch, time, hidden, projection, layers, bidirectional, lengths } = fixture;
  const [ways, width] = [bidirectional ? ["", "_reverse"] : [""], projection || hidden];
  const results = new Map<string, Float64Array>();
  const kink = { margin: Number.POSITIVE_INFINITY };
  let [below, features] = [Float64Array.from(given.get("inputs") ?? []), fixture.inputs];
  for (let layer = 0; layer < layers; layer++) {
    const outputs = new Float64Array(batch * time * ways.length * width);
    ways.forEach((way, direction) => {
      const suffix = `_l${layer}${way}`;
      const advance = stepOf(fixture, (name) => given.get(name + suffix), kink);
      const last = { h: new Float64Array(batch * width), c: new Float64Array(batch * hidden) };
      for (let row = 0; row < batch; row++) {
        const initial = (name: string, size: number): Float64Array =>
          Float64Array.from({ length: size }, (_, i) => given.get(`initial ${name}${suffix}`)?.[row * size + i] ?? 0);
        let [h, c] = [initial("h", width), initial("c", hidden)];
        const length = lengths?.[row] ?? time;
        for (let step = 0; step < length; step++) {
          const place = row * time + (way === "" ? step : length - 1 - step);
          [h, c] = advance(below.subarray(place * features, (place + 1) * features), h, c);
          outputs.set(h, (place * ways.length + direction) * width);
        }
        last.h.set(h, row * width);
        last.c.set(c, row * hidden);
      }
      results.set(`final h${suffix}`, last.h);
      if (fixture.cell === "lstm") results.set(`final c${suffix}`, last.c);
    });
    [below, features] = [outputs, ways.length * width];
  }
  results.set("outputs", below);
  return { results, margin: kink.margin };
}

type Step = (x: Float64Array, h: Float64Array, c: Float64Array) => [h: Float64Array, c: Float64Array];

/** One step of one cell; `kink` hears of every relu. */
function stepOf(
  { cell, hidden, projection }: RecurrentFixture,
  weight: (name: string) => Numbers | undefined,
  kink: { margin: number },
): Step {
  const [weightIh, weightHh, biasIh, biasHh] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(weight);
  return (x, h, c) => {
    const [fromX, fromH] = [affine(weightIh, x, biasIh), affine(weightHh, h, biasHh)];
    const sum = (gate: number, j: number): number => at(fromX, gate * hidden + j) + at(fromH, gate * hidden + j);
    const each = (value: (j: number) => number): Float64Array =>
      Float64Array.from({ length: hidden }, (_, j) => value(j));
    if (cell === "tanh") return [each((j) => Math.tanh(sum(0, j))), c];
    if (cell === "relu") {
      for (let j = 0; j < hidden; j++) kink.margin = Math.min(kink.margin, Math.abs(sum(0, j)));
      return [each((j) => Math.max(0, sum(0, j))), c];
    }
    if (cell === "gru") {
      const candidate = (j: number): number =>
        Math.tanh(at(fromX, 2 * hidden + j) + sigmoid(sum(0, j)) * at(fromH, 2 * hidden + j));
      const update = each((j) => sigmoid(sum(1, j)));
      return [each((j) => (1 - at(update, j)) * candidate(j) + at(update, j) * at(h, j)), c];
    }
    const next = each((j) => sigmoid(sum(1, j)) * at(c, j) + sigmoid(sum(0, j)) * Math.tanh(sum(2, j)));
    const output = each((j) => sigmoid(sum(3, j)) * Math.tanh(at(next, j)));
    return [projection > 0 ? affine(weight("weight_hr"), output) : output, next];
  };
}

/** W·x + b; b is zero where it is not given. */
function affine(weight: Numbers = [], x: Float64Array, bias?: Numbers): Float64Array {
  const columns = x.length;
  const result = new Float64Array(weight.length / columns);
  for (let row = 0; row < result.length; row++) {
    let sum = bias?.[row] ?? 0;
    for (let i = 0; i < columns; i++) sum += (weight[row * columns + i] as number) * (x[i] as number);
    result[row] = sum;
  }
  return result;
}

const at = (numbers: Float64Array, i: number): number => numbers[i] as number;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
