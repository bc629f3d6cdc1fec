import { refuse } from "../errors.ts";
import type { Workgroups } from "../plan/step.ts";
import type { Target } from "../variant.ts";

/** scan: a whole sequence, or a chunk of it, in one dispatch. step: one dispatch for each time step. */
export type Machine = "scan" | "step";

export interface MachineOptions {
  batch: number; // B
  time: number; // T
  hidden: number; // H
  target: Target;
  wanted: Machine | undefined;
}

/** How a recurrence is played; fixed when the plan is made. */
export interface MachinePlan {
  readonly machine: Machine;
  readonly constants: Readonly<Record<string, number>>;
  readonly workgroups: Workgroups;
  /** Time steps of one dispatch. */
  readonly chunk: number;
}

/** Batch rows of a workgroup. */
const ROWS = 4;
/** Bytes of workgroup memory a unit takes: the scan's backward pass keeps the gate gradients of its rows. */
const SCAN_BYTES = ROWS * 4 * 4;
/** Longest stretch of time of one dispatch, so that none runs into a watchdog. */
const LONGEST_CHUNK = 1024;

export function chooseMachine({ batch, hidden, target, wanted }: MachineOptions): MachinePlan {
  const fits = hidden * SCAN_BYTES <= target.storage && hidden <= 4 * target.invocations;
  if (wanted === "scan" && !fits) {
    throw refuse({
      what: "machine",
      expected: `"step" for ${hidden} hidden units on this device`,
      got: '"scan"',
    });
  }
  const machine = wanted ?? (fits ? "scan" : "step");
  const units = hidden > 256 ? 4 : hidden > 128 ? 2 : 1;
  const quads = Math.ceil(batch / ROWS);
  if (machine === "scan") {
    const lanes = Math.ceil(hidden / units);
    return {
      machine,
      constants: { HIDDEN: hidden, LANES: lanes, UNITS: units },
      workgroups: [quads, 1, 1],
      chunk: LONGEST_CHUNK,
    };
  }
  return {
    machine,
    constants: { HIDDEN: hidden, LANES: 16, UNITS: 4 },
    workgroups: [Math.ceil(hidden / 64), quads, 1],
    chunk: 1,
  };
}
