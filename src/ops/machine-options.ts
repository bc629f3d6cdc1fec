import type { Target } from "../variant.ts";

/** scan: a whole sequence, or a chunk of it, in one dispatch. step: dispatches for each time step. */
export const MACHINES = ["scan", "step"] as const;

/** wavefront: steps of several layers, one on the other, in a dispatch, each layer a step behind the one below. */
export const ALL_MACHINES = [...MACHINES, "wavefront"] as const;
export type Machine = (typeof ALL_MACHINES)[number];

/** Batch rows of a tile; see `shaders/shared/tile.wgsl`. */
export const ROWS = 4;

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
  /** Products are normalised, so that a workgroup must own all units of a row. */
  readonly wholeRows: boolean;
  /** R is a diagonal. */
  readonly diagonal: boolean;
  /** The products read their weights as float16. */
  readonly half: boolean;
  /** L, layers one on the other that a wavefront can take. Default 1: none can. */
  readonly layers?: number | undefined;
  /** Whether there is a way back. */
  readonly training: boolean;
  readonly target: Target;
  /** Left out: the machine that suits the sizes. */
  readonly wanted?: Machine | undefined;
}
