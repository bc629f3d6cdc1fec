import { describe, expect, test } from "vitest";
import { lstm } from "../../src/oracle/cell/lstm.ts";
import { packRecurrent } from "../../src/oracle/pack_recurrent.ts";
import { rnnScanBackward } from "../../src/oracle/rnn_scan_backward.ts";
import { rnnScanForward } from "../../src/oracle/rnn_scan_forward.ts";

// Central differences with h = 1e-5 in float64: truncation about h² = 1e-10, rounding about 2^-53 / h = 1e-11.
const STEP = 1e-5;
const DIGITS = 8;

const [batch, time, hidden] = [2, 3, 3];
const row = batch * hidden;
const lead = 5;
const plane = lead + (time + 1) * row;
const common = { flags: {}, constants: { HIDDEN: hidden }, workgroups: [1, 1, 1], cell: lstm } as const;
const dims = { batch, time, t_begin: 0, t_end: time, lead, plane };

/** Numbers in ±1 without a pattern. */
const waves = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(seed + 1.7 * i * i + i));

const start = {
  weight_hh: waves(4 * hidden * hidden, 1),
  gates: waves(time * batch * 4 * hidden, 2),
  state: waves(2 * row, 3),
};
const dh = waves(time * row, 4);
const dfinal = waves(2 * row, 5);

function pack(weight: Float64Array) {
  const buffers = {
    weight_hh: weight,
    bias_hh: waves(4 * hidden, 6),
    forward: new Float64Array(4 * (hidden + 1) * hidden),
    backward: new Float64Array(4 * hidden * hidden),
  };
  packRecurrent({ ...common, buffers, dims: { hidden }, flags: { BACKWARD: true } });
  return buffers;
}

function forward({ weight_hh, gates, state }: typeof start) {
  const buffers = {
    recurrent: pack(weight_hh).forward,
    gates: gates.slice(),
    states: new Float64Array(2 * plane),
    state: state.slice(),
  };
  rnnScanForward({ ...common, buffers, dims });
  return buffers;
}

/** dh · outputs + dfinal · final states, the number whose gradients the backward pass gives. */
function loss(inputs: typeof start): number {
  const { states, state } = forward(inputs);
  const outputs = states.subarray(lead + row, plane);
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  return dot(dh, outputs) + dot(dfinal, state);
}

function difference(name: keyof typeof start, i: number): number {
  const nudged = (by: number) => ({ ...start, [name]: start[name].map((value, j) => (i === j ? value + by : value)) });
  return (loss(nudged(STEP)) - loss(nudged(-STEP))) / (2 * STEP);
}

describe("the twins of the recurrence, over several steps", () => {
  const { gates, states } = forward(start);
  const dstate = dfinal.slice();
  rnnScanBackward({
    ...common,
    dims,
    buffers: { recurrent: pack(start.weight_hh).backward, gates, states, dh, dstate },
  });

  test("give the gradient of every pre-activation by central differences", () => {
    gates.forEach((gradient, i) => {
      expect(gradient).toBeCloseTo(difference("gates", i), DIGITS);
    });
  });

  test("give the gradient of the initial states by central differences", () => {
    dstate.forEach((gradient, i) => {
      expect(gradient).toBeCloseTo(difference("state", i), DIGITS);
    });
  });

  test("leave in the gates what gives the gradient of R: their product with h of the step before", () => {
    start.weight_hh.forEach((_, i) => {
      const [column, k] = [Math.floor(i / hidden), i % hidden];
      let gradient = 0;
      for (let n = 0; n < time * batch; n++) {
        gradient += (gates[n * 4 * hidden + column] as number) * (states[lead + n * hidden + k] as number);
      }
      expect(gradient).toBeCloseTo(difference("weight_hh", i), DIGITS);
    });
  });
});
