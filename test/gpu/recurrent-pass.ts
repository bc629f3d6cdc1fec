import { lstmCell } from "../../src/ops/cells.ts";
import { lstm } from "../../src/oracle/cell/lstm.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import type { Kernel, Variant } from "../../src/variant.ts";
import type { Elements } from "./check.ts";
import { noise } from "./noise.ts";

/** Sizes of a pass of an LSTM, and the tile that an invocation owns. */
export interface Pass {
  batch: number; // B
  time: number; // T
  hidden: number; // H
  units: 1 | 2 | 4;
  lanes: number;
  /** Whether the scan stages in workgroup memory. */
  staged?: boolean;
}

/** All ones; a quad of rows that is not full; one row beyond full quads; one unit beyond full tiles, over many steps. */
export const awkwardPasses: readonly Pass[] = [
  { batch: 1, time: 1, hidden: 1, units: 4, lanes: 1 },
  { batch: 3, time: 2, hidden: 3, units: 1, lanes: 3 },
  { batch: 33, time: 2, hidden: 17, units: 2, lanes: 9 },
  { batch: 3, time: 33, hidden: 129, units: 4, lanes: 33 },
];

/** The same with the units spread over several workgroups. */
export const stepPasses: readonly Pass[] = awkwardPasses.map((pass) => ({ ...pass, lanes: Math.min(pass.lanes, 16) }));

/** The edges in passes that are cheap to compile where workgroup memory is dear. */
export const stagedPasses: readonly Pass[] = [
  { batch: 33, time: 2, hidden: 17, units: 2, lanes: 9, staged: true },
  { batch: 3, time: 5, hidden: 65, units: 1, lanes: 65, staged: true },
];

export const passName = ({ batch, time, hidden, units, lanes, staged = false }: Pass): string =>
  `B ${batch}, T ${time}, H ${hidden}, ${units} x ${lanes} units a workgroup${staged ? ", staged" : ""}`;

export const lstmVariant = (kernel: Kernel, { hidden, units, lanes, staged = false }: Pass): Variant => ({
  kernel,
  cell: lstmCell,
  flags: { STAGED: staged },
  constants: { HIDDEN: hidden, LANES: lanes, UNITS: units },
});

export const stepWorkgroups = ({ batch, hidden, units, lanes }: Pass): Workgroups => [
  Math.ceil(hidden / (units * lanes)),
  Math.ceil(batch / 4),
  1,
];

/** Dims that all recurrent kernels have; row 1 of the states begins at a multiple of 64 elements. */
export function passDims({ batch, time, hidden }: Pass): { batch: number; lead: number; plane: number } {
  const row = batch * hidden;
  const lead = Math.ceil(row / 64) * 64 - row;
  return { batch, lead, plane: lead + (time + 1) * row };
}

export type Buffers = Record<string, Elements>;

/** What the bindings of a forward kernel hold before the pass: pre-activations in ±2, weights in ±1/√H. */
export function forwardBuffers(pass: Pass): Buffers {
  const { batch, time, hidden } = pass;
  return {
    recurrent: noise(lstm.gates * (hidden + 1) * hidden, 1, 1 / Math.sqrt(hidden)),
    gates: noise(lstm.gates * time * batch * hidden, 2, 2),
    states: noise(lstm.states * passDims(pass).plane, 3),
    state: noise(lstm.states * batch * hidden, 4),
  };
}

/** What the bindings of a backward kernel hold before the pass: gates and states such as a forward pass leaves. */
export function backwardBuffers(pass: Pass): Buffers {
  const { batch, time, hidden } = pass;
  const saved = noise(lstm.gates * time * batch * hidden, 2);
  return {
    recurrent: noise(lstm.gates * hidden * hidden, 1, 1 / Math.sqrt(hidden)),
    gates: saved.map((value, i) => (Math.floor(i / hidden) % lstm.gates === 2 ? value : (value + 1) / 2)),
    states: noise(lstm.states * passDims(pass).plane, 3),
    dh: noise(time * batch * hidden, 5),
    dstate: noise(lstm.states * batch * hidden, 6),
  };
}

/**
 * Largest difference of float32 from float64 that rounding explains. On the way to an element a step rounds about H
 * times forward and G·H times backward, once a term of its product; the activations count for 64 more, since WGSL's exp
 * may be 3 + 2|x| units off. A rounding is at most 2^-24 of a partial sum, and those stay below 1 (weights in ±1/√H
 * against h or gate gradients below 1) and average half of that: n of them walk 0.29 √n · 2^-24 away. Three and a half
 * such deviations are allowed. The forget gate lets no error grow from step to step, so T steps count as T walks.
 */
export const forwardTolerance = ({ hidden, time }: Pass): number => walk((hidden + 64) * time);
export const backwardTolerance = ({ hidden, time }: Pass): number => walk((lstm.gates * hidden + 64) * time);

const walk = (roundings: number): number => Math.sqrt(roundings) * 2 ** -24;
