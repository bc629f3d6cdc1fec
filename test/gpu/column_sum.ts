import { columnSum as kernel } from "../../src/kernels.ts";
import { columnSum as twin } from "../../src/oracle/column_sum.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const COLUMNS = 32; // of a workgroup, but on the CPU
const ROWS = 4; // invocations that share a column
const CHUNK = 32; // rows that an invocation adds at a time

/** One element; one more and one less than a workgroup's columns and than its rows of one chunk; both biases; as on the CPU. */
const sizes = [
  { m: 1, n: 1 },
  { m: ROWS - 1, n: COLUMNS - 1 },
  { m: ROWS * CHUNK, n: COLUMNS },
  { m: ROWS * CHUNK + 1, n: COLUMNS + 1 },
  { m: 2049, n: 65, pair: true },
  { m: 2049, n: 65, tile: { COLUMNS: 65, ROWS: 1 } },
];

/**
 * A term takes part in at most CHUNK additions within its chunk, one for each chunk of its invocation and one for each
 * invocation of the column: each rounds by at most 2^-24 of a partial sum, which the sum of the magnitudes bounds. The
 * twin computes that sum from |a|.
 */
export const cases: GpuCase[] = sizes.map(({ m, n, pair = false, tile = { COLUMNS, ROWS } }) => ({
  name: `[${m}, ${n}]${pair ? ", into two biases" : ""}${tile.ROWS === 1 ? ", by one workgroup" : ""}`,
  run: async (gpu) => {
    const workgroups: Workgroups = [Math.ceil(n / tile.COLUMNS), 1, 1];
    const [dims, flags, constants] = [{ m, n }, { PAIR: pair }, tile];
    const a = noise(m * n, 1);
    const out = new Float64Array(n);
    twin({ buffers: { a: Float64Array.from(a, Math.abs), out }, dims, flags: {}, constants, workgroups });
    const additions = CHUNK + Math.ceil(m / (CHUNK * tile.ROWS)) + tile.ROWS;
    const bound = (i: number): number => additions * 2 ** -24 * out[i];
    await checkDispatch(gpu, {
      variant: { kernel, flags, constants },
      twin,
      dims,
      buffers: { a, out: noise(n, 2), ...(pair ? { out2: noise(n, 3) } : {}) },
      workgroups,
      tolerance: { out: bound, out2: bound },
    });
  },
}));
