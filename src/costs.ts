import type { Target } from "./variant.ts";

/**
 * A recurrent weight of each gate for the rows of a workgroup, in microseconds: what it takes however many gates there are,
 * and for each of them. Where the workgroup has one row, or four; on the way forward and on the way back.
 */
type Products = Readonly<Record<"one" | "oneBack" | "four" | "fourBack", readonly [number, number]>>;

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
  /** A workgroup of a dispatch, whatever it does. */
  readonly start: number;
  /** A step of a workgroup of the scan, likewise. */
  readonly barrier: number;
  /** The maths of a gate of a unit, for the rows of a workgroup. */
  readonly gate: number;
  readonly scan: Products;
  readonly step: Products;
}

const PRODUCTS = { multiplyAdd: 1 / 1500, byte: 1 / 2000 };

const SWIFTSHADER_STEP: Products = {
  one: [0.0016, 0.0025],
  oneBack: [0.0036, 0.0027],
  four: [0.0045, 0.0036],
  fourBack: [0.006, 0.0048],
};

/**
 * Fitted to LSTM, GRU and Elman layers of 32 to 512 units and 1 to 32 rows, in CPU time: from 128 units up within 40% of
 * what was measured; at 32, where dispatches are all, within a factor of 1.7. Where the machines differ by more than a
 * hundredth the faster is chosen for one core. Taken for other software adapters as well.
 */
const SWIFTSHADER: Omit<Costs, "cores"> = {
  ...PRODUCTS,
  dispatch: 30,
  start: 15,
  barrier: 3,
  gate: 0.06,
  scan: SWIFTSHADER_STEP,
  step: SWIFTSHADER_STEP,
};

/** Four invocations share what they load: in large products, and in the scan on the way back. */
const SWIFTSHADER_QUADS = {
  ...SWIFTSHADER,
  multiplyAdd: 1 / 4000,
  scan: { ...SWIFTSHADER_STEP, fourBack: [0.0031, 0.0037] as const },
};

/**
 * Fitted to LSTM and Elman layers, likewise, within a factor of 2: a kernel with a barrier computes its products at half
 * the speed of one without, so that steps are faster from 128 units up, whatever the batch.
 */
const LLVMPIPE: Omit<Costs, "cores"> = {
  ...PRODUCTS,
  dispatch: 18,
  start: 10,
  barrier: 2,
  gate: 0.04,
  scan: { one: [0.0037, 0.0009], oneBack: [0.0024, 0.0017], four: [0.0057, 0.0018], fourBack: [0.003, 0.0045] },
  step: { one: [0.0019, 0.0005], oneBack: [0.0017, 0.0008], four: [0.0019, 0.0013], fourBack: [0.0011, 0.0022] },
};

/** Four bytes at 100 GB/s, what one core of a GPU reads from its cache however many rows share it. */
const LOADED = [0, 4e-5] as const;
const LOADS: Products = { one: LOADED, oneBack: LOADED, four: LOADED, fourBack: LOADED };

/**
 * Not measured, but what is known of GPUs: microseconds between dependent dispatches, tens of cores, and weights that
 * come from a cache that all cores share.
 */
const HARDWARE: Costs = {
  cores: 64,
  dispatch: 8.5,
  start: 0.5,
  multiplyAdd: 1e-6,
  byte: 1e-5,
  barrier: 0.5,
  gate: 5e-4,
  scan: LOADS,
  step: LOADS,
};

export function costsOf({ software, llvmpipe, quads, cores = 2 }: Target): Costs {
  if (!software) return HARDWARE;
  return { ...(llvmpipe ? LLVMPIPE : quads ? SWIFTSHADER_QUADS : SWIFTSHADER), cores };
}
