import { describe, expect, test } from "vitest";
import type { Batch } from "../../src/batch/batch.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { jordan } from "../../src/nn/jordan.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { layerNorm } from "../../src/nn/layer-norm.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { mgu } from "../../src/nn/mgu.ts";
import { indrnn, rnn } from "../../src/nn/rnn.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";
import { MACHINES } from "../../src/ops/machine-options.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { type NamedTensors, sizeOf } from "../../src/tensor.ts";
import { compare } from "../gpu/check.ts";
import { noise } from "../gpu/noise.ts";
import { playTraining } from "../play-training.ts";

const [VOCABULARY, ROWS, TIME, CHUNKS] = [5, 2, 2, 3];
const IGNORED = -1;

/** Ids and targets of one batch of all steps, or of `CHUNKS` that go on from each other; only the last steps count. */
function batchesOf(time: number): Batch[] {
  const steps = TIME * CHUNKS;
  const id = (row: number, t: number): number => (row * 3 + t * t + 1) % VOCABULARY;
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  return Array.from({ length: steps / time }, (_, chunk) => {
    const own = Array.from({ length: time }, (_, t) => chunk * time + t);
    return {
      inputs: rows.map((row) => own.map((t) => id(row, t))),
      targets: rows.map((row) => own.map((t) => (t < steps - TIME ? IGNORED : id(row, t + 1)))),
      start: chunk === 0,
    };
  });
}

const weightsOf = (model: Model): NamedTensors =>
  new Map(model.parameters.map(({ name, shape }, i) => [name, { shape, data: noise(sizeOf(shape), i + 1) }]));

/** A rate of 1, so that a weight changes by its gradient: once, as what is ignored has none. */
function play(model: Model, time: number, from = weightsOf(model)) {
  const loss = crossEntropy({ ignoreIndex: IGNORED });
  const options = { batch: ROWS, time, loss, optimizer: sgd({ learningRate: 1 }), clipNorm: 0, from };
  return playTraining(model, batchesOf(time), { ...options, window: TIME * CHUNKS });
}

const between = (...layers: Parameters<typeof sequential>): Model =>
  sequential(embedding(VOCABULARY, 3), ...layers, linear(4, VOCABULARY));

describe.each(MACHINES)("on the %s machine", (machine) => {
  const plain: Record<string, Layer[]> = {
    "lstm of two layers": [lstm(3, 4, { layers: 2, machine })],
    "lstm with peepholes": [lstm(3, 4, { peepholes: true, machine })],
    "lstm with a projection": [lstm(3, 6, { projection: 4, machine })],
    "gru, normalised": [gru(3, 4, { layerNorm: true, machine })],
    "gru, learned state": [gru(3, 4, { initialState: "learned", machine })],
    mgu: [mgu(3, 4, { machine })],
    indrnn: [indrnn(3, 4, { machine })],
    jordan: [jordan(3, 5, 4, { machine })],
    "convolutions below and above": [
      temporalConvolution(3, 3, { taps: 3 }),
      rnn(3, 4, { machine }),
      layerNorm(4),
      temporalConvolution(4, 4, { taps: 2, dilation: 3 }),
    ],
  };
  test.each(Object.entries(plain))("three batches in a window have the gradients of one: %s", (_, layers) => {
    const model = between(...layers);
    const [parts, whole] = [play(model, TIME), play(model, TIME * CHUNKS)];
    // Float64 sums of at most a hundred terms.
    expect(parts.losses.at(-1)).toBeCloseTo(whole.losses[0] as number, 12);
    for (const [name, wanted] of whole.weights) compare(name, parts.weights.get(name) ?? [], wanted, 1e-12);
  });

  const drawing = {
    dropout: [gru(3, 4, { inputDropout: 0.3, layers: 2, dropout: 0.4, machine })],
    "recurrent dropout": [lstm(3, 4, { recurrentDropout: 0.4, machine })],
    zoneout: [lstm(3, 4, { zoneout: 0.4, machine })],
    DropConnect: [gru(3, 4, { dropConnect: 0.4, machine })],
  };
  test.each(Object.entries(drawing))("each batch goes back through its own draws: %s", (_, layers) => {
    const model = between(...layers);
    const before = weightsOf(model);
    const { weights } = play(model, TIME);
    const h = 2 ** -10; // central differences err by its square times third derivatives of less than 6
    for (const [name, { shape, data }] of before) {
      const i = Math.floor(data.length / 3);
      const value = data[i] as number;
      const [above, below] = [Math.fround(value + h), Math.fround(value - h)];
      const lossAt = (changed: number): number => {
        const from = new Map([...before, [name, { shape, data: data.with(i, changed) }] as const]);
        return play(model, TIME, from).losses.at(-1) as number;
      };
      const gradient = value - (weights.get(name)?.[i] as number);
      const difference = (lossAt(above) - lossAt(below)) / (above - below);
      expect(Math.abs(difference - gradient), `${name}[${i}]`).toBeLessThan(h * h);
    }
  });
});
