import { refuse } from "../errors.ts";
import type { Workgroups } from "../plan/step.ts";
import type { Target } from "../variant.ts";
import { gatePitch } from "./cells.ts";

/** scan: a whole sequence, or a chunk of it, in one dispatch. step: dispatches for each time step. */
export const MACHINES = ["scan", "step"] as const;
export type Machine = (typeof MACHINES)[number];

export interface MachineOptions {
  readonly batch: number; // B
  readonly time: number; // T
  readonly hidden: number; // H
  /** Units of h. */
  readonly out: number;
  readonly gates: number; // G
  /** D, directions that share a dispatch. */
  readonly directions: number;
  /** The cell has a second product in each step. */
  readonly twoStages: boolean;
  /** R is a diagonal. */
  readonly diagonal?: boolean | undefined;
  /** Products are normalised, so that a workgroup must own all units of a row. */
  readonly wholeRows: boolean;
  readonly target: Target;
  /** Left out: the machine that suits the sizes. */
  readonly wanted?: Machine | undefined;
}

/** How a recurrence is played; fixed when the plan is made. No choice changes the order of a sum. */
export interface MachinePlan {
  readonly machine: Machine;
  readonly flags: { readonly STAGED: boolean; readonly ONE_ROW: boolean; readonly QUADS: boolean };
  readonly tile: Tile;
  /** Quads of batch rows of a workgroup of the scan. */
  readonly rowQuads: number;
  readonly workgroups: Workgroups;
  /** Of a second stage. */
  readonly secondWorkgroups: Workgroups;
  /** The tile of what needs whole rows of units. */
  readonly rowsTile: Tile;
  readonly rowsWorkgroups: Workgroups;
  /** Most time steps of one dispatch. */
  readonly chunk: number;
  /** Why this machine, in words. */
  readonly why: string;
}

/** Constants of the recurrent kernels. */
interface Tile {
  readonly LANES: number;
  readonly UNITS: number;
}

/** Batch rows of a workgroup; see `shaders/shared/tile.wgsl`. */
const ROWS = 4;
/** Most quads of them. */
const MOST_ROW_QUADS = 4;
/** Most units of an invocation. */
const MOST_UNITS = 4;
/** Most bytes of recurrent weights that a workgroup of the scan should read in every step, all by itself. */
const SCAN_WEIGHTS = 1 << 20;
/** Longest stretch of time of one dispatch, so that none runs into a watchdog. */
const LONGEST_CHUNK = 1024;

/**
 * Chooses the machine of a recurrence and its tile.
 * @throws WebgpuRnnError when a workgroup of the device cannot hold all units, but the scan is wanted or the layer
 *   normalises its products
 */
export function chooseMachine(options: MachineOptions): MachinePlan {
  const { wholeRows, target, wanted } = options;
  const most = MOST_UNITS * target.invocations;
  const width = widthOf(options);
  if (width > most && (wanted === "scan" || wholeRows)) {
    throw refuse({
      what: wholeRows ? "layerNorm" : 'machine "scan"',
      expected: `at most ${most} units, which a workgroup of this device holds`,
      got: `${width}`,
      cure: wholeRows ? "choose a smaller hidden size or none" : 'leave `machine` out or set it to "step"',
    });
  }
  const [machine, why] = wanted ? ([wanted, "as wanted"] as const) : suitable(options);
  return machine === "scan" ? scan(options, why) : step(options, why);
}

function suitable(options: MachineOptions): readonly [Machine, string] {
  const { batch, time, directions, target } = options;
  const bytes = weightBytes(options);
  const width = widthOf(options);
  if (bytes > SCAN_WEIGHTS) return ["step", `${bytes} bytes of recurrent weights are too many for each workgroup`];
  if (width > MOST_UNITS * target.invocations) return ["step", `a workgroup cannot hold ${width} units`];
  // Where a dispatch costs less than a step, idle cores cost more than dispatches.
  if (target.software && batch * directions <= ROWS && time > 1) {
    return ["step", "one workgroup would leave the other cores idle"];
  }
  return ["scan", `${bytes} bytes of recurrent weights pass through each workgroup once a step`];
}

function scan(options: MachineOptions, why: string): MachinePlan {
  const { batch, time, directions, diagonal = false, target } = options;
  const rowsTile = rowsTileOf(options);
  const quads = quadsOf(target) && batch > 1 && !diagonal;
  const rowQuads = quads ? rowQuadsOf(options) : 1;
  const workgroups: Workgroups = [Math.ceil(batch / (ROWS * rowQuads)), 1, directions];
  return {
    machine: "scan",
    flags: {
      STAGED: !target.software && !options.twoStages && stagedBytes(options) <= target.storage,
      ONE_ROW: batch === 1,
      QUADS: quads,
    },
    tile: rowsTile,
    rowQuads,
    workgroups,
    secondWorkgroups: workgroups,
    rowsTile,
    rowsWorkgroups: workgroups,
    chunk: Math.ceil(time / Math.ceil(time / LONGEST_CHUNK)),
    why,
  };
}

function step(options: MachineOptions, why: string): MachinePlan {
  const { batch, hidden, out, directions, target } = options;
  const [lanes, units] = target.software ? [16, MOST_UNITS] : [64, 1];
  const quads = Math.ceil(batch / ROWS);
  const over = (width: number): Workgroups => [Math.ceil(width / (lanes * units)), quads, directions];
  return {
    machine: "step",
    flags: { STAGED: false, ONE_ROW: batch === 1, QUADS: false },
    tile: { LANES: lanes, UNITS: units },
    rowQuads: 1,
    workgroups: over(hidden),
    secondWorkgroups: over(out),
    rowsTile: rowsTileOf(options),
    rowsWorkgroups: [quads, 1, directions],
    chunk: 1,
    why,
  };
}

const widthOf = ({ hidden, out }: MachineOptions): number => Math.max(hidden, out);

/** Whether each of four invocations loads one of the four rows for all: worth it where loads are dear, as on the CPU. */
const quadsOf = ({ software, quads = false }: Target): boolean => software && quads;

/** As many as leave no core idle: the more rows a workgroup has, the more multiply-adds a weight serves once it is loaded. */
function rowQuadsOf({ batch, directions, target: { cores = Number.POSITIVE_INFINITY } }: MachineOptions): number {
  const quads = Math.ceil(batch / ROWS);
  return Math.min(Math.max(Math.ceil((quads * directions) / cores), 1), quads, MOST_ROW_QUADS);
}

/** Of the first product and, where there is one, the second. */
function weightBytes({ hidden, out, gates, twoStages }: MachineOptions): number {
  return (gatePitch(gates) + (twoStages ? 1 : 0)) * hidden * out * 4;
}

/** A tile of which one workgroup covers all units. */
function rowsTileOf(options: MachineOptions): Tile {
  const units = unitsOf(widthOf(options), options.target);
  const lanes = Math.max(Math.ceil(widthOf(options) / units), options.wholeRows ? ROWS : 1);
  return { LANES: quadsOf(options.target) ? Math.ceil(lanes / ROWS) * ROWS : lanes, UNITS: units };
}

/**
 * Units of an invocation of the scan. A GPU hides the time of loads behind many invocations; on the CPU fewer loads
 * for each product are all that counts.
 */
function unitsOf(width: number, { invocations, software }: Target): number {
  if (software || width > 2 * invocations) return MOST_UNITS;
  return width > invocations ? 2 : 1;
}

/**
 * The larger need of workgroup memory: backward the gates of each row and unit, forward their old h and their new; and
 * a quad of sums for each invocation where rows are normalised.
 */
function stagedBytes(options: MachineOptions): number {
  const { hidden, gates, wholeRows } = options;
  const sums = wholeRows ? rowsTileOf(options).LANES * ROWS * 4 : 0;
  return hidden * ROWS * 4 * Math.max(gatePitch(gates), 2) + sums;
}
