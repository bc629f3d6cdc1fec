import type { Target } from "./variant.ts";

/** What work costs on a kind of adapter, in microseconds: plans are chosen, and submits cut, by what they should take. */
export interface Costs {
  /** Workgroups that run at once. */
  readonly cores: number;
  /** A dispatch that waits for the one before. */
  readonly dispatch: number;
  /** Multiply-adds of a product, with no cores idle. */
  readonly multiplyAdd: number;
  /** A byte that a dispatch binds. */
  readonly byte: number;
  /** A step of one workgroup of a recurrence, whatever its size. */
  readonly barrier: number;
  /** The maths of a gate of a unit, for the rows of a workgroup. */
  readonly gate: number;
  /**
   * A recurrent weight of each gate for the rows of a workgroup: what it takes however many gates there are, and for each.
   * Where the workgroup has one row, four on the way forward, four on the way back, and four that QUADS share.
   */
  readonly weight: Readonly<Record<"one" | "oneBack" | "forward" | "backward" | "quads", readonly [number, number]>>;
}

/**
 * Fitted to LSTM, GRU and Elman layers of 32 to 512 units and 1 to 32 rows on SwiftShader, in CPU time: from 128 units up
 * within a third of what was measured; at 32, where dispatches are all, within a factor of 2. Taken for other software
 * adapters as well.
 */
const SOFTWARE: Omit<Costs, "cores"> = {
  dispatch: 45,
  multiplyAdd: 1 / 1500,
  byte: 1 / 2000,
  barrier: 3,
  gate: 0.06,
  weight: {
    one: [0.0016, 0.0025],
    oneBack: [0.0036, 0.0027],
    forward: [0.0045, 0.0036],
    backward: [0.006, 0.0048],
    quads: [0.0031, 0.0037],
  },
};

/** Four bytes at 100 GB/s, what one core of a GPU reads from its cache however many rows share it. */
const LOADED = [0, 4e-5] as const;

/**
 * Not measured, but what is known of GPUs: microseconds between dependent dispatches, tens of cores, and weights that
 * come from a cache that all cores share.
 */
const HARDWARE: Costs = {
  cores: 64,
  dispatch: 8.5,
  multiplyAdd: 1e-6,
  byte: 1e-5,
  barrier: 0.5,
  gate: 5e-4,
  weight: { one: LOADED, oneBack: LOADED, forward: LOADED, backward: LOADED, quads: LOADED },
};

export const costsOf = ({ software, cores = 2 }: Target): Costs => (software ? { ...SOFTWARE, cores } : HARDWARE);
