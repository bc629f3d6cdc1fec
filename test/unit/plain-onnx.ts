import { activationsOf, type OnnxActivation } from "../fixtures/onnx.ts";
import { givenOf, type OnnxFixture } from "../fixtures/onnx-case.ts";
import { type Ordered, ours, prefixed } from "../fixtures/onnx-order.ts";
import { dot } from "../fixtures/reference.ts";

type Numbers = ArrayLike<number>;
type Given = ReadonlyMap<string, Numbers>;

/** What a plain forward pass finds. */
export interface PlayedOnnx {
  /** `Y`, `Y_h`, `Y_c`, laid out as the fixture's attributes say. */
  readonly results: ReadonlyMap<string, Float64Array>;
  /** The smallest distance of any activation's input from a place where the activation or its clip bends or jumps. */
  readonly margin: number;
}

/** An operator in float64, row by row and step by step, in the words of its definition. */
export function playOnnx(fixture: OnnxFixture, given: Given): PlayedOnnx {
  const { operator, batch, time, inputs, hidden, attributes, lengths } = fixture;
  const { direction, layout } = attributes;
  const directions = direction === "bidirectional" ? 2 : 1;
  const y = new Float64Array(time * directions * batch * hidden);
  const last = { h: new Float64Array(directions * batch * hidden), c: new Float64Array(directions * batch * hidden) };
  const kink = { margin: Number.POSITIVE_INFINITY };
  for (let d = 0; d < directions; d++) {
    const advance = STEPS[operator](weightsOf(fixture, given, d, kink));
    for (let b = 0; b < batch; b++) {
      const state = (layout === 0 ? d * batch + b : b * directions + d) * hidden;
      const initial = (name: string): number[] => units(hidden, (j) => given.get(name)?.[state + j] ?? 0);
      let [h, c] = [initial("initial_h"), initial("initial_c")];
      const length = lengths?.[b] ?? time;
      for (let step = 0; step < length; step++) {
        const t = direction === "reverse" || d === 1 ? length - 1 - step : step;
        const x = (layout === 0 ? t * batch + b : b * time + t) * inputs;
        [h, c] = advance(
          units(inputs, (i) => given.get("X")?.[x + i] as number),
          h,
          c,
        );
        y.set(h, (layout === 0 ? (t * directions + d) * batch + b : (b * time + t) * directions + d) * hidden);
      }
      last.h.set(h, state);
      last.c.set(c, state);
    }
  }
  const results = new Map([["Y", y], ["Y_h", last.h], ...(operator === "LSTM" ? [["Y_c", last.c] as const] : [])]);
  return { results, margin: kink.margin };
}

/**
 * The gradient of Σ cotangent · output with respect to everything given, by differences at h and 2h, of fourth order: h
 * leaves 1e-20 of a fifth derivative, and the rounding of the loss, some 2^-50, over h: 1e-10.
 */
export function onnxGradients(fixture: OnnxFixture, given: Given): ReadonlyMap<string, Float64Array> {
  const h = 1e-5;
  const loss = (): number =>
    [...playOnnx(fixture, moved).results].reduce(
      (sum, [name, data]) => sum + dot(data, given.get(`cotangent of ${name}`) as Numbers),
      0,
    );
  const moved = new Map([...given].map(([name, data]) => [name, Float64Array.from(data)]));
  const slopes = [...moved]
    .filter(([name]) => !name.startsWith("cotangent"))
    .map(([name, data]): [string, Float64Array] => {
      const at = (i: number, by: number): number => {
        const before = data[i] as number;
        data[i] = before + by;
        const value = loss();
        data[i] = before;
        return value;
      };
      return [name, data.map((_, i) => (8 * (at(i, h) - at(i, -h)) - (at(i, 2 * h) - at(i, -2 * h))) / (12 * h))];
    });
  return new Map(slopes);
}

/** What the definition wants of our layer in a case: outputs, final states and gradients, by our names. */
export function oursWanted(fixture: OnnxFixture): ReadonlyMap<string, Ordered> {
  const given = givenOf(fixture);
  const gradients = ours(fixture, onnxGradients(fixture, given));
  return new Map([...ours(fixture, playOnnx(fixture, given).results), ...prefixed("gradient of ", gradients)]);
}

/** One direction's weights. Products and biases are those of one gate and unit, by ONNX's place of the gate. */
interface Weights {
  readonly hidden: number;
  readonly attributes: OnnxFixture["attributes"];
  /** Xt*(W^T) */
  fromX(gate: number, j: number, x: readonly number[]): number;
  /** Ht-1*(R^T) */
  fromH(gate: number, j: number, h: readonly number[]): number;
  wb(gate: number, j: number): number;
  rb(gate: number, j: number): number;
  p(gate: number, j: number): number;
  /** f, g, h */
  readonly activations: readonly ((x: number) => number)[];
}

const DEFAULTS = { RNN: ["Tanh"], LSTM: ["Sigmoid", "Tanh", "Tanh"], GRU: ["Sigmoid", "Tanh"] };
const GATES = { RNN: 1, LSTM: 4, GRU: 3 };

function weightsOf(fixture: OnnxFixture, given: Given, d: number, kink: { margin: number }): Weights {
  const { operator, inputs, hidden, attributes } = fixture;
  const [roles, gates] = [DEFAULTS[operator], GATES[operator]];
  const chosen: readonly OnnxActivation[] = activationsOf(attributes) ?? [...roles, ...roles].map((name) => ({ name }));
  const number = (name: string, place: number): number => given.get(name)?.[place] ?? 0;
  const row = (gate: number, j: number): number => (d * gates + gate) * hidden + j;
  return {
    hidden,
    attributes,
    fromX: (gate, j, x) => x.reduce((sum, value, i) => sum + value * number("W", row(gate, j) * inputs + i), 0),
    fromH: (gate, j, h) => h.reduce((sum, value, i) => sum + value * number("R", row(gate, j) * hidden + i), 0),
    wb: (gate, j) => number("B", (2 * d * gates + gate) * hidden + j),
    rb: (gate, j) => number("B", ((2 * d + 1) * gates + gate) * hidden + j),
    p: (gate, j) => number("P", (3 * d + gate) * hidden + j),
    activations: chosen
      .slice(d * roles.length, (d + 1) * roles.length)
      .map((activation) => activate(activation, attributes.clip, kink)),
  };
}

type Step = (x: readonly number[], h: readonly number[], c: readonly number[]) => [h: number[], c: number[]];
type Activate = (x: number) => number;

const STEPS: Readonly<Record<OnnxFixture["operator"], (weights: Weights) => Step>> = {
  RNN({ hidden, fromX, fromH, wb, rb, activations }) {
    const [f] = activations as [Activate];
    return (x, h, c) => [units(hidden, (j) => f(fromX(0, j, x) + fromH(0, j, h) + wb(0, j) + rb(0, j))), [...c]];
  },

  LSTM({ hidden, attributes, fromX, fromH, wb, rb, p, activations }) {
    const [f, g, h_] = activations as [Activate, Activate, Activate];
    const [i, o, forget, cell] = [0, 1, 2, 3];
    return (x, h, c) => {
      const sum = (gate: number, j: number): number =>
        fromX(gate, j, x) + fromH(gate, j, h) + wb(gate, j) + rb(gate, j);
      const it = units(hidden, (j) => f(sum(i, j) + p(0, j) * at(c, j)));
      // input_forget: nothing of the forget gate is used
      const ft = attributes.input_forget
        ? it.map((value) => 1 - value)
        : units(hidden, (j) => f(sum(forget, j) + p(2, j) * at(c, j)));
      const Ct = units(hidden, (j) => at(ft, j) * at(c, j) + at(it, j) * g(sum(cell, j)));
      const ot = units(hidden, (j) => f(sum(o, j) + p(1, j) * at(Ct, j)));
      return [units(hidden, (j) => at(ot, j) * h_(at(Ct, j))), Ct];
    };
  },

  GRU({ hidden, attributes, fromX, fromH, wb, rb, activations }) {
    const [f, g] = activations as [Activate, Activate];
    const [z, r, candidate] = [0, 1, 2];
    return (x, h, c) => {
      const gate = (k: number): number[] =>
        units(hidden, (j) => f(fromX(k, j, x) + fromH(k, j, h) + wb(k, j) + rb(k, j)));
      const [zt, rt] = [gate(z), gate(r)];
      const reset = units(hidden, (j) => at(rt, j) * at(h, j));
      const ht = units(hidden, (j) => {
        const after = at(rt, j) * (fromH(candidate, j, h) + rb(candidate, j));
        const before = fromH(candidate, j, reset) + rb(candidate, j);
        return g(fromX(candidate, j, x) + (attributes.linear_before_reset ? after : before) + wb(candidate, j));
      });
      return [units(hidden, (j) => (1 - at(zt, j)) * at(ht, j) + at(zt, j) * at(h, j)), [...c]];
    };
  },
};

/** What an activation does, with the defaults of the operator of its name. */
interface Described {
  readonly alpha?: number;
  readonly beta?: number;
  of(x: number, a: number, b: number): number;
  /** Where a derivative jumps: at 0, at alpha, where it reaches 0 and 1. */
  readonly kinks?: "0" | "a" | "ends";
}

const ACTIVATIONS: Readonly<Record<string, Described>> = {
  Relu: { of: (x) => Math.max(0, x), kinks: "0" },
  Tanh: { of: (x) => (1 - Math.exp(-2 * x)) / (1 + Math.exp(-2 * x)) },
  Sigmoid: { of: (x) => 1 / (1 + Math.exp(-x)) },
  Affine: { of: (x, a, b) => a * x + b },
  LeakyRelu: { alpha: 0.01, of: (x, a) => (x >= 0 ? x : a * x), kinks: "0" },
  ThresholdedRelu: { alpha: 1, of: (x, a) => (x >= a ? x : 0), kinks: "a" },
  ScaledTanh: { of: (x, a, b) => a * Math.tanh(b * x) },
  HardSigmoid: { alpha: 0.2, beta: 0.5, of: (x, a, b) => Math.min(Math.max(a * x + b, 0), 1), kinks: "ends" },
  Elu: { alpha: 1, of: (x, a) => (x >= 0 ? x : a * (Math.exp(x) - 1)), kinks: "0" },
  Softsign: { of: (x) => x / (1 + Math.abs(x)), kinks: "0" },
  Softplus: { of: (x) => Math.log(1 + Math.exp(x)) },
};

/** An activation behind its clip. */
function activate({ name, ...given }: OnnxActivation, clip: number | undefined, kink: { margin: number }): Activate {
  const described = ACTIVATIONS[name];
  if (!described) throw new Error(`there is no activation ${name}`);
  const { alpha = Number.NaN, beta = Number.NaN } = { ...described, ...given };
  const bound = clip ?? Number.POSITIVE_INFINITY;
  const ends = { "0": [0], a: [alpha], ends: [-beta / alpha, (1 - beta) / alpha], none: [] };
  const kinks = [-bound, bound, ...ends[described.kinks ?? "none"]].filter((place) => Math.abs(place) <= bound);
  return (x) => {
    for (const place of kinks) kink.margin = Math.min(kink.margin, Math.abs(x - place));
    return described.of(Math.min(Math.max(x, -bound), bound), alpha, beta);
  };
}

const at = (numbers: readonly number[], i: number): number => numbers[i] as number;
const units = (count: number, value: (j: number) => number): number[] =>
  Array.from({ length: count }, (_, j) => value(j));
