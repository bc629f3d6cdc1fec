import { describe, expect, test } from "vitest";
import { lstm } from "../../src/oracle/cell/lstm.ts";

// Central differences with h = 1e-5 in float64: truncation about h² = 1e-10, rounding about 2^-53 / h = 1e-11.
const H = 1e-5;
const DIGITS = 8;

const x = [0.3, -0.7, 0.9, 0.4];
const r = [-0.2, 1.1, -0.5, 0.6];
const previous = [0.25, -0.8];
const dstate = [0.7, -1.3];

/** dstate · state, the number whose gradients the backward pass gives. */
const loss = (inputs: readonly number[], before: readonly number[]): number => {
  const { state } = lstm.forward(inputs, r, before);
  return state.reduce((sum, value, s) => sum + value * (dstate[s] as number), 0);
};

const nudged = (values: readonly number[], i: number, by: number): number[] =>
  values.map((value, j) => (j === i ? value + by : value));

describe("the twin of the LSTM cell", () => {
  const { saved, state } = lstm.forward(x, r, previous);
  const { dgates, dprevious } = lstm.backward(saved, previous, state, dstate, r);

  test("computes c = f c' + i g and h = o tanh c from the gates i f g o", () => {
    const [i, f, g, o] = saved as [number, number, number, number];
    expect(i).toBeCloseTo(1 / (1 + Math.exp(-0.1)), 14);
    expect(g).toBeCloseTo(Math.tanh(0.4), 14);
    expect(state[1]).toBeCloseTo(f * -0.8 + i * g, 14);
    expect(state[0]).toBeCloseTo(o * Math.tanh(state[1] as number), 14);
  });

  test.each([0, 1, 2, 3])("gives the gradient of pre-activation %i by central differences", (gate) => {
    const difference = (loss(nudged(x, gate, H), previous) - loss(nudged(x, gate, -H), previous)) / (2 * H);
    expect(dgates[gate]).toBeCloseTo(difference, DIGITS);
  });

  test.each([0, 1])("gives the gradient of previous state %i by central differences", (s) => {
    const difference = (loss(x, nudged(previous, s, H)) - loss(x, nudged(previous, s, -H))) / (2 * H);
    expect(dprevious[s]).toBeCloseTo(difference, DIGITS);
  });
});
