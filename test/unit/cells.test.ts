import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ResolvedActivation } from "../../src/ops/activations.ts";
import { allGates, type CellTraits, makeCell } from "../../src/ops/cells.ts";
import { cellTwin } from "../../src/oracle/cell-twins.ts";

// Central differences with 1e-5 in float64: truncation about 1e-10, rounding about 2^-53 / 1e-5 = 1e-11.
const STEP = 1e-5;
const DIGITS = 8;

const one = (name: ResolvedActivation["name"]): readonly ResolvedActivation[] => [{ name, alpha: 0, beta: 0 }];
const activations = { f: one("sigmoid"), g: one("tanh"), h: one("tanh"), out: one("softsign") };

const lstm: CellTraits = { kind: "lstm", gates: 4, states: 2 };
const cells: Readonly<Record<string, CellTraits>> = {
  rnn: { kind: "rnn", gates: 1, states: 1 },
  "jordan network": { kind: "rnn", gates: 1, states: 2, second: "projects" },
  lstm,
  "lstm with peepholes": { ...lstm, peepholes: 3 },
  "lstm, coupled, with peepholes": { ...lstm, gates: 3, coupled: true, peepholes: 2 },
  "lstm with c beyond its bound": { ...lstm, cellClip: 0.05 },
  "lstm with a projection": { ...lstm, second: "projects" },
  gru: { kind: "gru", gates: 3, states: 1, split: true },
  "gru, reset before": { kind: "gru_before", gates: 2, states: 1, second: "resets" },
  mgu: { kind: "mgu", gates: 1, states: 1, second: "resets" },
};

const twinOf = (name: keyof typeof cells) => cellTwin(makeCell("", cells[name] as CellTraits, activations));

test("every cell with a file of its own is among these", () => {
  const files = readdirSync(new URL("../../shaders/cell/", import.meta.url));
  expect([...new Set(Object.values(cells).map(({ kind }) => `${kind}.wgsl`))].sort()).toEqual(files.sort());
});

/** What goes into one step of one unit; the first of these are the inputs of a cell. */
const X = [0.3, -0.7, 0.9, 0.4];
const R = [-0.2, 1.1, -0.5, 0.6];
const PREVIOUS = [0.25, -0.8];
const PEEPHOLES = [0.6, -0.4, 0.5];
/** The second product is weight · mid + shift. */
const SECOND = [0.7, 0.2];
/** The number whose gradients the way back gives is their product with the states after the step. */
const DSTATE = [0.7, -1.3];

type Inputs = Record<"x" | "r" | "previous" | "peepholes" | "second", readonly number[]>;

describe.each(Object.entries(cells))("the twin of %s", (name, traits) => {
  const twin = twinOf(name);
  const { gates, states, second: stage, coupled } = traits;
  const start: Inputs = {
    x: X.slice(0, allGates(traits)),
    r: R.slice(0, gates),
    previous: PREVIOUS.slice(0, states),
    peepholes: coupled ? [0.6, 0, 0.5] : PEEPHOLES,
    second: SECOND,
  };

  function forward({ x, r, previous, peepholes, second: [weight = 0, shift = 0] }: Inputs) {
    const first = twin.forward({ x: x.slice(0, gates), r, previous, peepholes }, 0);
    const mid = stage === "resets" ? (first.mid as number) : (first.state[0] as number);
    const resets =
      stage === "resets" ? { x: x[gates] as number, gates: first.saved, previous: previous[0] as number } : {};
    const last = twin.second?.forward({ x: 0, gates: [], previous: 0, ...resets, r: weight * mid + shift }, 0);
    return { first, mid, last, state: last ? [last.h, ...first.state.slice(1)] : first.state };
  }

  function backward(): Inputs {
    const { x, r, previous, peepholes, second } = start;
    const { first, mid, last } = forward(start);
    const [dh, dc] = DSTATE as [number, number];
    const resets = stage === "resets" ? { gates: first.saved, previous: previous[0] as number } : {};
    const back = twin.second?.backward({ gates: [], previous: 0, ...resets, saved: last?.saved as number, dh }, 0);
    const dmid = back ? (second[0] as number) * back.dr : 0;
    const dfirst = stage === "resets" ? (back?.carry as number) : stage === "projects" ? dmid : dh;
    const { dgates, dr, dprevious, dpeepholes } = twin.backward(
      { saved: first.saved, r, previous, dstate: [dfirst, dc], dmid: stage === "resets" ? dmid : 0, peepholes },
      0,
    );
    return {
      x: [...dgates, ...(x.length > gates ? [back?.dr as number] : [])],
      r: dr ?? dgates,
      previous: dprevious.slice(0, states).map((value, s) => value + (s === 0 ? (back?.dprevious ?? 0) : 0)),
      peepholes: traits.peepholes ? (dpeepholes as readonly number[]) : [],
      second: back ? [back.dr * mid, back.dr] : [],
    };
  }

  function difference(of: keyof Inputs, i: number): number {
    const loss = (by: number): number => {
      const nudged = start[of].map((value, j) => (j === i ? value + by : value));
      return forward({ ...start, [of]: nudged }).state.reduce(
        (sum, value, s) => sum + value * (DSTATE[s] as number),
        0,
      );
    };
    return (loss(STEP) - loss(-STEP)) / (2 * STEP);
  }

  test("has the gates and states of its row", () => {
    const { first } = forward(start);
    expect([twin.gates, twin.states, first.saved.length, first.state.length]).toEqual([gates, states, gates, states]);
  });

  const gradients = Object.entries(backward()).filter(([, values]) => values.length > 0);

  test.each(gradients)("gives the gradients of %s by differences", (of, values) => {
    values.forEach((gradient, i) => {
      expect(gradient).toBeCloseTo(difference(of as keyof Inputs, i), DIGITS);
    });
  });
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const step = { x: X, r: R, previous: PREVIOUS, peepholes: [0, 0, 0] };

test("an LSTM computes c = f c' + i g and h = o tanh c from the gates i f g o", () => {
  const { saved, state } = twinOf("lstm").forward(step, 0);
  const [i, f, g, o] = [sigmoid(0.1), sigmoid(0.4), Math.tanh(0.4), sigmoid(1)];
  const c = f * -0.8 + i * g;
  expect(saved).toEqual([i, f, g, o].map((gate) => expect.closeTo(gate, 14)));
  expect(state[1]).toBeCloseTo(c, 14);
  expect(state[0]).toBeCloseTo(o * Math.tanh(c), 14);
});

test("peepholes let i and f see c before the step, and o after it", () => {
  const { saved, state } = twinOf("lstm with peepholes").forward({ ...step, peepholes: PEEPHOLES }, 0);
  const [i, f, g] = [sigmoid(0.1 + 0.6 * -0.8), sigmoid(0.4 - 0.4 * -0.8), Math.tanh(0.4)];
  const c = f * -0.8 + i * g;
  const o = sigmoid(1 + 0.5 * c);
  expect(saved).toEqual([i, f, g, o].map((gate) => expect.closeTo(gate, 14)));
  expect(state).toEqual([o * Math.tanh(c), c].map((value) => expect.closeTo(value, 14)));
});

test("a coupled LSTM forgets as much as it lets in, from the gates i g o", () => {
  const { saved, state } = twinOf("lstm, coupled, with peepholes").forward({ ...step, x: X.slice(0, 3) }, 0);
  const [i, g, o] = [sigmoid(0.1), Math.tanh(0.4), sigmoid(0.4)];
  expect(saved).toEqual([i, g, o].map((gate) => expect.closeTo(gate, 14)));
  expect(state[1]).toBeCloseTo((1 - i) * -0.8 + i * g, 14);
});

test("a bound of c is what h sees", () => {
  const { state } = twinOf("lstm with c beyond its bound").forward(step, 0);
  expect(state).toEqual([sigmoid(1) * Math.tanh(-0.05), -0.05].map((value) => expect.closeTo(value, 8)));
});

test("a GRU resets after the product: n = tanh(x + r R·h), h = (1 - z) n + z h'", () => {
  const { saved, state } = twinOf("gru").forward(step, 0);
  const [r, z] = [sigmoid(0.1), sigmoid(0.4)];
  const n = Math.tanh(0.9 - r * 0.5);
  expect(saved).toEqual([r, z, n].map((gate) => expect.closeTo(gate, 14)));
  expect(state[0]).toBeCloseTo((1 - z) * n + z * 0.25, 14);
});

test("a GRU that resets before gives r h' to the product, n = tanh(x + R·(r h')), h = (1 - z) n + z h'", () => {
  const twin = twinOf("gru, reset before");
  const [r, z] = [sigmoid(0.1), sigmoid(0.4)];
  const { saved, mid } = twin.forward({ ...step, x: X.slice(0, 2) }, 0);
  expect([...saved, mid]).toEqual([r, z, r * 0.25].map((value) => expect.closeTo(value, 14)));
  const n = Math.tanh(0.9 + 0.3);
  expect(twin.second?.forward({ x: 0.9, r: 0.3, gates: saved, previous: 0.25 }, 0)).toEqual({
    saved: expect.closeTo(n, 14),
    h: expect.closeTo((1 - z) * n + z * 0.25, 14),
  });
});

test("an MGU gives f h' to the product, n = tanh(x + R·(f h')), h = (1 - f) h' + f n", () => {
  const twin = twinOf("mgu");
  const f = sigmoid(0.1);
  const { saved, mid } = twin.forward({ ...step, x: X.slice(0, 1) }, 0);
  expect([...saved, mid]).toEqual([f, f * 0.25].map((value) => expect.closeTo(value, 14)));
  const n = Math.tanh(-0.7 + 0.3);
  expect(twin.second?.forward({ x: -0.7, r: 0.3, gates: saved, previous: 0.25 }, 0)).toEqual({
    saved: expect.closeTo(n, 14),
    h: expect.closeTo((1 - f) * 0.25 + f * n, 14),
  });
});

test("an Elman network is h = f(x + R·h), and a Jordan network's output is the activation of its product", () => {
  expect(twinOf("rnn").forward(step, 0).state[0]).toBeCloseTo(sigmoid(0.1), 14);
  const jordan = twinOf("jordan network");
  expect(jordan.forward(step, 0).state[1]).toBeCloseTo(sigmoid(0.1), 14);
  expect(jordan.second?.forward({ x: 0, r: -3, gates: [], previous: 0 }, 0).h).toBeCloseTo(-0.75, 14);
});
