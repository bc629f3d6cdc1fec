import { describe, expect, test } from "vitest";
import { type Cell, gatePitch, gruCell, lstmCell, rnnCells } from "../../src/ops/cells.ts";
import { packRecurrent } from "../../src/oracle/pack_recurrent.ts";
import { rnnScanBackward } from "../../src/oracle/rnn_scan_backward.ts";
import { rnnScanForward } from "../../src/oracle/rnn_scan_forward.ts";
import type { CellTwin } from "../../src/oracle/twin.ts";
import { cellTwins } from "../../src/oracle/twins.ts";

// Central differences with h = 1e-5 in float64: truncation about h² = 1e-10, rounding about 2^-53 / h = 1e-11.
const STEP = 1e-5;
const DIGITS = 8;

const [batch, time, hidden] = [2, 3, 3];
const row = batch * hidden;
const lead = 5;
const plane = lead + (time + 1) * row;
/** Numbers in ±1 without a pattern. */
const waves = (length: number, seed: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => Math.sin(seed + 1.7 * i * i + i));

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** A whole pass of one cell: its buffers, its loss, its gradients. */
class PassOf {
  readonly gates: number;
  readonly length: number;
  readonly r_gates: number;
  readonly start: Record<"weight_hh" | "gates" | "state", Float64Array>;
  readonly #common;
  readonly #dims;
  readonly #dfinal: Float64Array;
  readonly #dh = waves(time * row, 4);

  constructor({ name, gates, states, flags }: Cell) {
    this.gates = gates;
    this.length = time * row * gates;
    this.r_gates = flags.SPLIT ? this.length : 0;
    this.start = {
      weight_hh: waves(gates * hidden * hidden, 1),
      gates: waves(this.length, 2),
      state: waves(states * row, 3),
    };
    const constants = { HIDDEN: hidden, GATES: gates, PITCH: gatePitch(gates) };
    this.#common = { constants, flags, workgroups: [1, 1, 1], cell: cellTwins[name] as CellTwin } as const;
    this.#dims = { batch, time, t_begin: 0, t_end: time, lead, plane, r_gates: this.r_gates };
    this.#dfinal = waves(states * row, 5);
  }

  #pack(weight: Float64Array) {
    const { PITCH } = this.#common.constants;
    const buffers = {
      weight_hh: weight,
      bias_hh: waves(this.gates * hidden, 6),
      forward: new Float64Array(PITCH * (hidden + 1) * hidden),
      backward: new Float64Array(PITCH * hidden * hidden),
    };
    packRecurrent({ ...this.#common, buffers, dims: { hidden }, flags: { BACKWARD: true } });
    return buffers;
  }

  #forward({ weight_hh, gates, state }: PassOf["start"]) {
    const both = new Float64Array(this.r_gates + this.length);
    both.set(gates);
    const states = new Float64Array((state.length / row) * plane);
    const buffers = { recurrent: this.#pack(weight_hh).forward, gates: both, states, state: state.slice() };
    rnnScanForward({ ...this.#common, buffers, dims: this.#dims });
    return buffers;
  }

  backward() {
    const { gates, states } = this.#forward(this.start);
    const dstate = this.#dfinal.slice();
    const recurrent = this.#pack(this.start.weight_hh).backward;
    const buffers = { recurrent, gates, states, dh: this.#dh, dstate };
    rnnScanBackward({ ...this.#common, dims: this.#dims, buffers });
    return { dx: gates.subarray(0, this.length), dr: gates.subarray(this.r_gates), states, dstate };
  }

  /** dh · outputs + dfinal · final states, the number whose gradients the backward pass gives. */
  #loss(inputs: PassOf["start"]): number {
    const { states, state } = this.#forward(inputs);
    return dot(this.#dh, states.subarray(lead + row, plane)) + dot(this.#dfinal, state);
  }

  difference(name: keyof PassOf["start"], i: number): number {
    const nudged = (by: number) => ({
      ...this.start,
      [name]: this.start[name].map((value, j) => (i === j ? value + by : value)),
    });
    return (this.#loss(nudged(STEP)) - this.#loss(nudged(-STEP))) / (2 * STEP);
  }
}

const cells: readonly Cell[] = [lstmCell, gruCell, rnnCells.tanh, rnnCells.relu];

describe.each(cells)("the twins of the recurrence with $name, over several steps", (cell) => {
  const pass = new PassOf(cell);
  const { dx, dr, states, dstate } = pass.backward();

  test("give the gradient of every pre-activation by central differences", () => {
    dx.forEach((gradient, i) => {
      expect(gradient).toBeCloseTo(pass.difference("gates", i), DIGITS);
    });
  });

  test("give the gradient of the initial states by central differences", () => {
    dstate.forEach((gradient, i) => {
      expect(gradient).toBeCloseTo(pass.difference("state", i), DIGITS);
    });
  });

  test("leave in the gates what gives the gradient of R: their product with h of the step before", () => {
    const columns = pass.gates * hidden;
    pass.start.weight_hh.forEach((_, i) => {
      const [column, k] = [Math.floor(i / hidden), i % hidden];
      let gradient = 0;
      for (let n = 0; n < time * batch; n++) {
        gradient += (dr[n * columns + column] as number) * (states[lead + n * hidden + k] as number);
      }
      expect(gradient).toBeCloseTo(pass.difference("weight_hh", i), DIGITS);
    });
  });
});
