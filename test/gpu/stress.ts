import { type CellDefinition, defineCell } from "../../src/nn/define-cell.ts";
import { gru } from "../../src/nn/gru.ts";
import { jordan } from "../../src/nn/jordan.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { mgu } from "../../src/nn/mgu.ts";
import { recurrent } from "../../src/nn/own-cell.ts";
import { indrnn, rnn } from "../../src/nn/rnn.ts";
import { sizeOf } from "../../src/tensor.ts";
import { againstTwins, elementsOf, type TwinCase } from "./against-twins.ts";
import type { GpuCase } from "./case.ts";
import { TOLERANCE } from "./compare-named.ts";
import { noise } from "./noise.ts";

/** `lstm` as a cell of one's own, which has no twin: the library's stands for it. */
const OWN_LSTM: CellDefinition = {
  name: "own_lstm",
  gates: ["i", "f", "g", "o"],
  states: ["h", "c"],
  forward: `
    c = sigmoid(x.f + r.f) * c + sigmoid(x.i + r.i) * safe_tanh(x.g + r.g);
    h = sigmoid(x.o + r.o) * safe_tanh(c);
  `,
  backward: `
    let i = sigmoid(x.i + r.i);
    let f = sigmoid(x.f + r.f);
    let g = safe_tanh(x.g + r.g);
    let o = sigmoid(x.o + r.o);
    let t = safe_tanh(f * c + i * g);
    let total = dc + dh * o * tanh_derivative(t);
    dx.o = dh * t * sigmoid_derivative(o);
    dx.i = total * g * sigmoid_derivative(i);
    dx.f = total * c * sigmoid_derivative(f);
    dx.g = total * i * tanh_derivative(g);
    dr = dx;
    dh = 0.0;
    dc = total * f;
  `,
};

const [I, H] = [3, 17];

/** Every cell. */
const CELLS: Readonly<Record<string, Pick<TwinCase, "layer" | "twin">>> = {
  "rnn tanh": { layer: (given) => rnn(I, H, given) },
  "rnn relu": { layer: (given) => rnn(I, H, { ...given, activation: "relu" }) },
  indrnn: { layer: (given) => indrnn(I, H, given) },
  jordan: { layer: (given) => jordan(I, H, 5, given) },
  lstm: { layer: (given) => lstm(I, H, given) },
  "lstm, peepholes": { layer: (given) => lstm(I, H, { ...given, peepholes: true }) },
  "lstm, coupled, cell clip": { layer: (given) => lstm(I, H, { ...given, coupled: true, cellClip: 0.4 }) },
  "lstm, projection": { layer: (given) => lstm(I, H, { ...given, projection: 5 }) },
  "lstm, layer norm": { layer: (given) => lstm(I, H, { ...given, layerNorm: true }) },
  gru: { layer: (given) => gru(I, H, given) },
  "gru, reset before": { layer: (given) => gru(I, H, { ...given, reset: "before" }) },
  "gru, layer norm": { layer: (given) => gru(I, H, { ...given, layerNorm: true }) },
  mgu: { layer: (given) => mgu(I, H, given) },
  "a cell of one's own": {
    layer: (given) => recurrent(defineCell(OWN_LSTM), I, H, given),
    twin: (given) => lstm(I, H, given),
  },
};

const KINKED: readonly string[] = ["rnn relu", "indrnn"];

interface Stress extends Pick<TwinCase, "name" | "relative" | "floor"> {
  draw(name: string, shape: readonly number[], stream: number, cell: string): Float32Array;
}

/** Of pre-activations that saturate every gate. */
const FAR = 1e4;

/**
 * A flush to zero loses less than 2^-126 and WGSL allows one in every operation. A result comes of less than 10,000 of
 * them, B · T · (H + I) in a sum and some tens in a cell, through factors of about 1.
 */
const FLUSHED = 1e4 * 2 ** -126;

const weights = (name: string, shape: readonly number[], stream: number): Float32Array =>
  name.startsWith("gain") ? elementsOf(shape, 1) : noise(sizeOf(shape), stream, name.includes("_") ? 0.6 : 1);

const STRESSES: readonly Stress[] = [
  {
    name: "a third of the gates at +1e4, a third at -1e4",
    // Both biases push a gate the same way, so that no sum of them cancels.
    draw: (name, shape, stream) =>
      name.startsWith("bias")
        ? noise(sizeOf(shape), 100).map((value) => (Math.abs(value) > 1 / 3 ? Math.sign(value) * FAR : value))
        : weights(name, shape, stream),
    relative: TOLERANCE,
    // The device's sigmoid ends at 2e-38; what it is multiplied with is at most FAR, summed over 1,000 terms.
    floor: 2e-38 * FAR * 1000,
  },
  {
    name: "inputs, weights and initial states all zero",
    draw: (name, shape, stream) =>
      name.startsWith("cotangent") || name.startsWith("gain") ? weights(name, shape, stream) : elementsOf(shape, 0),
    relative: TOLERANCE,
  },
  {
    name: "inputs, weights and initial states in ±1e-40",
    // Biases keep ReLU away from its kink, whose slope is 0 and may be 1 beside it: there a flush would change everything.
    draw: (name, shape, stream, cell) =>
      /^(cotangent|gain)/.test(name) || (name.startsWith("bias") && KINKED.includes(cell))
        ? weights(name, shape, stream)
        : noise(sizeOf(shape), stream, 1e-40),
    relative: TOLERANCE,
    floor: FLUSHED,
  },
  {
    name: "cotangents in ±1e-40",
    draw: (name, shape, stream) =>
      name.startsWith("cotangent") ? noise(sizeOf(shape), stream, 1e-40) : weights(name, shape, stream),
    relative: TOLERANCE,
    floor: FLUSHED,
  },
];

export const cases: readonly GpuCase[] = Object.entries(CELLS).flatMap(([cell, layers]) =>
  STRESSES.flatMap(({ name, draw, relative, floor = 0 }) =>
    againstTwins({
      name: `${cell}, ${name}`,
      ...layers,
      batch: 3,
      time: 4,
      draw: (...of) => draw(...of, cell),
      relative,
      floor,
    }),
  ),
);
