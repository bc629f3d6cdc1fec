import { describe, expect, test } from "vitest";
import { type Cell, gruCell, lstmCell, rnnCells } from "../../src/ops/cells.ts";
import type { CellTwin } from "../../src/oracle/twin.ts";
import { cellTwins } from "../../src/oracle/twins.ts";

// Central differences with h = 1e-5 in float64: truncation about h² = 1e-10, rounding about 2^-53 / h = 1e-11.
const H = 1e-5;
const DIGITS = 8;

const cells: readonly Cell[] = [lstmCell, gruCell, rnnCells.tanh, rnnCells.relu];

/** The first of these are the inputs of a cell; ReLU is positive there with a kink far away. */
const X = [0.3, -0.7, 0.9, 0.4];
const R = [-0.2, 1.1, -0.5, 0.6];
const PREVIOUS = [0.25, -0.8];
const DSTATE = [0.7, -1.3];

const nudged = (values: readonly number[], i: number, by: number): number[] =>
  values.map((value, j) => (j === i ? value + by : value));

const indices = (length: number): number[] => Array.from({ length }, (_, i) => i);

type Inputs = Record<"x" | "r" | "previous", readonly number[]>;

describe.each(cells)("the twin of $name", ({ name, gates, states, flags: { SPLIT } }) => {
  const twin = cellTwins[name] as CellTwin;
  const start: Inputs = {
    x: X.slice(0, gates),
    r: R.slice(0, gates),
    previous: PREVIOUS.slice(0, states),
  };
  const dstate = DSTATE.slice(0, states);
  const { saved, state } = twin.forward(start.x, start.r, start.previous);
  const { dgates, dr, dprevious } = twin.backward(saved, start.previous, state, dstate, start.r);

  /** Of dstate · state, the number whose gradients the backward pass gives. */
  function difference(of: keyof Inputs, i: number): number {
    const loss = (by: number): number => {
      const { x, r, previous }: Inputs = { ...start, [of]: nudged(start[of], i, by) };
      return twin.forward(x, r, previous).state.reduce((sum, value, s) => sum + value * (dstate[s] as number), 0);
    };
    return (loss(H) - loss(-H)) / (2 * H);
  }

  test("has the gates and states of its row", () => {
    expect([twin.gates, twin.states, saved.length, state.length]).toEqual([gates, states, gates, states]);
    expect(dr !== undefined).toBe(SPLIT === true);
  });

  test.each(indices(gates))("gives the gradients of pre-activation %i by central differences", (gate) => {
    expect(dgates[gate]).toBeCloseTo(difference("x", gate), DIGITS);
    expect((dr ?? dgates)[gate]).toBeCloseTo(difference("r", gate), DIGITS);
  });

  test.each(indices(states))("gives the gradient of previous state %i by central differences", (s) => {
    expect(dprevious[s]).toBeCloseTo(difference("previous", s), DIGITS);
  });
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

test("an LSTM computes c = f c' + i g and h = o tanh c from the gates i f g o", () => {
  const { saved, state } = (cellTwins.lstm as CellTwin).forward(X, R, PREVIOUS);
  const [i, f, g, o] = [sigmoid(0.1), sigmoid(0.4), Math.tanh(0.4), sigmoid(1)];
  const c = f * -0.8 + i * g;
  expect(saved).toEqual([i, f, g, o].map((gate) => expect.closeTo(gate, 14)));
  expect(state[1]).toBeCloseTo(c, 14);
  expect(state[0]).toBeCloseTo(o * Math.tanh(c), 14);
});

test("a GRU resets after the product: n = tanh(x + r R·h), h = (1 - z) n + z h'", () => {
  const { saved, state } = (cellTwins.gru as CellTwin).forward(X, R, PREVIOUS);
  const [r, z] = [sigmoid(0.1), sigmoid(0.4)];
  const n = Math.tanh(0.9 - r * 0.5);
  expect(saved).toEqual([r, z, n].map((gate) => expect.closeTo(gate, 14)));
  expect(state[0]).toBeCloseTo((1 - z) * n + z * 0.25, 14);
});

test("ReLU gives 0 and no gradient below 0", () => {
  const relu = cellTwins.rnn_relu as CellTwin;
  const { saved, state } = relu.forward([-1], [0.5], [3]);
  expect(state).toEqual([0]);
  expect(relu.backward(saved, [3], state, [2], [0.5]).dgates).toEqual([0]);
});
