import { type Cell, gatePitch, gruCell, lstmCell, rnnCells } from "../../src/ops/cells.ts";
import { variantOf } from "../../src/ops/recurrence.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import type { Kernel, Variant } from "../../src/variant.ts";
import type { Elements } from "./check.ts";
import { noise } from "./noise.ts";

/** A cell, and what must be known of its numbers to test it. */
export interface CellCase {
  cell: Cell;
  /** Gates whose activation lies in [0, 1]; that of all others lies in ±1 or grows with its input. */
  sigmoids: readonly number[];
  /** Whether |h| stays below 1. */
  bounded: boolean;
}

export const lstmCase: CellCase = { cell: lstmCell, sigmoids: [0, 1, 3], bounded: true };

export const cellCases: readonly CellCase[] = [
  lstmCase,
  { cell: gruCell, sigmoids: [0, 1], bounded: true },
  { cell: rnnCells.tanh, sigmoids: [], bounded: true },
  { cell: rnnCells.relu, sigmoids: [], bounded: false },
];

/** Sizes of a pass, and the tile that an invocation owns. */
export interface Sizes {
  batch: number; // B
  time: number; // T
  hidden: number; // H
  units: 1 | 2 | 4;
  lanes: number;
  /** Whether the scan stages in workgroup memory. */
  staged?: boolean;
}

/** A pass of one cell. */
export interface Pass extends Sizes, CellCase {}

export const ofEveryCell = (sizes: readonly Sizes[]): Pass[] =>
  cellCases.flatMap((cell) => sizes.map((pass) => ({ ...pass, ...cell })));

/** All ones; a quad of rows that is not full; one row beyond full quads; one unit beyond full tiles, over many steps. */
export const awkwardSizes: readonly Sizes[] = [
  { batch: 1, time: 1, hidden: 1, units: 4, lanes: 1 },
  { batch: 3, time: 2, hidden: 3, units: 1, lanes: 3 },
  { batch: 33, time: 2, hidden: 17, units: 2, lanes: 9 },
  { batch: 3, time: 33, hidden: 129, units: 4, lanes: 33 },
];

/** The same with the units spread over several workgroups. */
export const stepSizes = awkwardSizes.map((sizes): Sizes => ({ ...sizes, lanes: Math.min(sizes.lanes, 16) }));

/** The edges in passes that are cheap to compile where workgroup memory is dear. */
export const stagedSizes: readonly Sizes[] = [
  { batch: 33, time: 2, hidden: 17, units: 2, lanes: 9, staged: true },
  { batch: 3, time: 5, hidden: 65, units: 1, lanes: 65, staged: true },
];

export const passName = ({ cell, batch, time, hidden, units, lanes, staged = false }: Pass): string =>
  `${cell.name}, B ${batch}, T ${time}, H ${hidden}, ${units} x ${lanes} units a workgroup${staged ? ", staged" : ""}`;

export const passVariant = (kernel: Kernel, { cell, hidden, units, lanes, staged = false }: Pass): Variant =>
  variantOf(kernel, cell, {
    flags: { STAGED: staged },
    constants: { HIDDEN: hidden, LANES: lanes, UNITS: units },
  });

export const stepWorkgroups = ({ batch, hidden, units, lanes }: Sizes): Workgroups => [
  Math.ceil(hidden / (units * lanes)),
  Math.ceil(batch / 4),
  1,
];

/** Dims that all recurrent kernels have; row 1 of the states begins at a multiple of 64 elements. */
export function passDims({ cell, batch, time, hidden }: Pass) {
  const row = batch * hidden;
  const lead = Math.ceil(row / 64) * 64 - row;
  return { batch, lead, plane: lead + (time + 1) * row, r_gates: cell.flags.SPLIT ? cell.gates * time * row : 0 };
}

const gatesLength = (pass: Pass): number =>
  passDims(pass).r_gates + pass.cell.gates * pass.time * pass.batch * pass.hidden;

export type Buffers = Record<string, Elements>;

/** Bound of the pre-activations that the passes begin with. */
const LARGEST = 2;

/** What the bindings of a forward kernel hold before the pass: pre-activations in ±2, weights in ±1/√H. */
export function forwardBuffers(pass: Pass): Buffers {
  const { cell, batch, hidden } = pass;
  return {
    recurrent: noise(gatePitch(cell.gates) * (hidden + 1) * hidden, 1, 1 / Math.sqrt(hidden)),
    gates: noise(gatesLength(pass), 2, LARGEST),
    states: noise(cell.states * passDims(pass).plane, 3),
    state: noise(cell.states * batch * hidden, 4),
  };
}

/** What the bindings of a backward kernel hold before the pass: gates and states such as a forward pass leaves. */
export function backwardBuffers(pass: Pass): Buffers {
  const { cell, sigmoids, batch, time, hidden } = pass;
  const gateOf = (i: number): number => Math.floor(i / hidden) % cell.gates;
  return {
    recurrent: noise(gatePitch(cell.gates) * hidden * hidden, 1, 1 / Math.sqrt(hidden)),
    gates: noise(gatesLength(pass), 2).map((value, i) => (sigmoids.includes(gateOf(i)) ? (value + 1) / 2 : value)),
    states: noise(cell.states * passDims(pass).plane, 3),
    dh: noise(time * batch * hidden, 5),
    dstate: noise(cell.states * batch * hidden, 6),
  };
}

/**
 * Largest difference of float32 from float64 that rounding explains. On the way to an element a step rounds about H
 * times forward and G·H times backward, once a term of its product; the activations count for 64 more, since WGSL's exp
 * may be 3 + 2|x| units off. A rounding is at most 2^-24 of a partial sum, and those stay below 1 (weights in ±1/√H
 * against h or gate gradients below 1) and average half of that: n of them walk 0.29 √n · 2^-24 away. Three and a half
 * such deviations are allowed. No cell lets an error grow from step to step: forget and update gates stay below 1, and R with weights in ±1/√H
 * shrinks what comes back through it. So T steps count as T walks. Where h is not bounded by 1, it stays below twice the
 * largest input, and its roundings with it.
 * @param largest bound of the pre-activations
 */
export const forwardTolerance = ({ hidden, time, bounded }: Pass, largest = LARGEST): number =>
  walk((hidden + 64) * time) * (bounded ? 1 : 2 * largest);
export const backwardTolerance = ({ cell, hidden, time }: Pass): number => walk((cell.gates * hidden + 64) * time);

const walk = (roundings: number): number => Math.sqrt(roundings) * 2 ** -24;
