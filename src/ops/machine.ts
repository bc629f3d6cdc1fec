import { refuse } from "../errors.ts";
import type { Workgroups } from "../plan/step.ts";
import type { Target } from "../variant.ts";
import { gatePitch } from "./cells.ts";

/** scan: a whole sequence, or a chunk of it, in one dispatch. step: one dispatch for each time step. */
export const MACHINES = ["scan", "step"] as const;
export type Machine = (typeof MACHINES)[number];

export interface MachineOptions {
  batch: number; // B
  time: number; // T
  hidden: number; // H
  gates: number; // G
  target: Target;
  /** Left out: the machine that suits the sizes. */
  wanted?: Machine | undefined;
}

/** How a recurrence is played; fixed when the plan is made. No choice changes the order of a sum. */
export interface MachinePlan {
  readonly machine: Machine;
  readonly flags: { readonly STAGED: boolean };
  readonly constants: { readonly HIDDEN: number; readonly LANES: number; readonly UNITS: number };
  readonly workgroups: Workgroups;
  /** Most time steps of one dispatch. */
  readonly chunk: number;
  /** Why this machine, in words. */
  readonly why: string;
}

/** Batch rows of a workgroup; see `shaders/shared/tile.wgsl`. */
const ROWS = 4;
/** Most units of an invocation. */
const MOST_UNITS = 4;
/** Most bytes of recurrent weights that a workgroup of the scan should read in every step, all by itself. */
const SCAN_WEIGHTS = 1 << 20;
/** Longest stretch of time of one dispatch, so that none runs into a watchdog. */
const LONGEST_CHUNK = 1024;

/**
 * Chooses the machine of a recurrence and its tile.
 * @throws WebgpuRnnError when the scan is wanted and a workgroup of the device cannot hold all H units
 */
export function chooseMachine(options: MachineOptions): MachinePlan {
  const { hidden, target, wanted } = options;
  const most = MOST_UNITS * target.invocations;
  if (wanted === "scan" && hidden > most) {
    const cure = 'leave `machine` out or set it to "step"';
    throw refuse({ what: 'machine "scan"', expected: `at most ${most} hidden units`, got: `${hidden}`, cure });
  }
  const [machine, why] = wanted ? ([wanted, "as wanted"] as const) : suitable(options);
  return machine === "scan" ? scan(options, why) : step(options, why);
}

function suitable({ batch, time, hidden, gates, target }: MachineOptions): readonly [Machine, string] {
  const weights = gatePitch(gates) * hidden * hidden * 4;
  if (weights > SCAN_WEIGHTS) return ["step", `${weights} bytes of recurrent weights are too many for each workgroup`];
  if (hidden > MOST_UNITS * target.invocations) return ["step", `a workgroup cannot hold ${hidden} units`];
  // Where a dispatch costs less than a step, idle cores cost more than dispatches.
  if (target.software && batch <= ROWS && time > 1) return ["step", "one workgroup would leave the other cores idle"];
  return ["scan", `${weights} bytes of recurrent weights pass through each workgroup once a step`];
}

function scan({ batch, time, hidden, gates, target }: MachineOptions, why: string): MachinePlan {
  const units = unitsOf(hidden, target);
  return {
    machine: "scan",
    flags: { STAGED: !target.software && stagedBytes(hidden, gates) <= target.storage },
    constants: { HIDDEN: hidden, LANES: Math.ceil(hidden / units), UNITS: units },
    workgroups: [Math.ceil(batch / ROWS), 1, 1],
    chunk: Math.ceil(time / Math.ceil(time / LONGEST_CHUNK)),
    why,
  };
}

function step({ batch, hidden, target }: MachineOptions, why: string): MachinePlan {
  const [lanes, units] = target.software ? [16, MOST_UNITS] : [64, 1];
  return {
    machine: "step",
    flags: { STAGED: false },
    constants: { HIDDEN: hidden, LANES: lanes, UNITS: units },
    workgroups: [Math.ceil(hidden / (lanes * units)), Math.ceil(batch / ROWS), 1],
    chunk: 1,
    why,
  };
}

/**
 * Units of an invocation of the scan. A GPU hides the time of loads behind many invocations; on the CPU fewer loads
 * for each product are all that counts.
 */
function unitsOf(hidden: number, { invocations, software }: Target): number {
  if (software || hidden > 2 * invocations) return MOST_UNITS;
  return hidden > invocations ? 2 : 1;
}

/** The larger need of workgroup memory: backward the gates of each row and unit, forward their old h and their new. */
const stagedBytes = (hidden: number, gates: number): number => hidden * ROWS * 4 * Math.max(gatePitch(gates), 2);
