import { columnSum as kernel } from "../../src/kernels.ts";
import { columnSum as twin } from "../../src/oracle/column_sum.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const COLUMNS = 32; // of a workgroup, but on the CPU
const ROWS = 4; // invocations that share a column
const CHUNK = 32; // rows that an invocation adds at a time

/**
 * One element; one more and one less than a workgroup's columns and than its rows of one chunk; both biases; as on SwiftShader,
 * and of many rows on a GPU; parts with gaps between what they read and write.
 */
const sizes = [
  { m: 1, n: 1 },
  { m: ROWS - 1, n: COLUMNS - 1 },
  { m: ROWS * CHUNK, n: COLUMNS },
  { m: ROWS * CHUNK + 1, n: COLUMNS + 1 },
  { m: 2049, n: 65, pair: true },
  { m: 2049, n: 65, tile: { COLUMNS: 65, ROWS: 1 } },
  { m: 2049, n: 65, tile: { COLUMNS: 8, ROWS: 32 } },
  { m: 5, n: COLUMNS + 1, parts: 3 },
  { m: 5, n: COLUMNS + 1, parts: 2, pair: true },
];

/**
 * A term takes part in at most CHUNK additions within its chunk, one for each chunk of its invocation and one for each
 * invocation of the column: each rounds by at most 2^-24 of a partial sum, which the sum of the magnitudes bounds. The
 * twin computes that sum from |a|; where it writes nothing, nothing may change.
 */
const alikeCases: GpuCase[] = sizes.map(({ m, n, pair = false, parts = 1, tile = { COLUMNS, ROWS } }) => ({
  name:
    `[${m}, ${n}]${pair ? ", into two biases" : ""}${tile.ROWS === ROWS ? "" : `, ${tile.ROWS} invocations a column`}` +
    `${parts > 1 ? `, ${parts} parts` : ""}`,
  run: async (gpu) => {
    const workgroups: Workgroups = [Math.ceil(n / tile.COLUMNS), 1, parts];
    const second = pair ? n + 3 : 0;
    const [aPart, outPart] = [m * n + 1, second + n + 2];
    const dims = { m, n, second, a_part: aPart, out_part: outPart };
    const [flags, constants] = [{ PAIR: pair }, tile];
    const a = noise(parts * aPart, 1);
    const bounds = new Float64Array(parts * outPart);
    twin({ buffers: { a: Float64Array.from(a, Math.abs), out: bounds }, dims, flags, constants, workgroups });
    const additions = CHUNK + Math.ceil(m / (CHUNK * tile.ROWS)) + tile.ROWS;
    await checkDispatch(gpu, {
      variant: { kernel, flags, constants },
      twin,
      dims,
      buffers: { a, out: noise(parts * outPart, 2) },
      workgroups,
      tolerance: { out: (i) => additions * 2 ** -24 * (bounds[i] as number) },
    });
  },
}));

/** Four parts and fewer, in a storage that they do not fill: the second longest, the last of one element. */
const UNLIKE = [
  { m: 3, n: COLUMNS + 1 },
  { m: ROWS * CHUNK + 1, n: 3 * COLUMNS },
  { m: 16, n: 5 },
  { m: 1, n: 1 },
];

const unlikeCases: GpuCase[] = [4, 3, 2, 1].map((parts) => ({
  name: `${parts} of any sizes`,
  run: async (gpu) => {
    const some = UNLIKE.slice(0, parts);
    const flags = { UNLIKE: true };
    const constants = { COLUMNS, ROWS };
    const workgroups: Workgroups = [Math.ceil(Math.max(...some.map(({ n }) => n)) / COLUMNS), 1, parts];
    const [lengthA, lengthOut] = [12_600, 160];
    // From the first to the last in a, from the last to the first in out, with elements between them.
    let [aFirst, outFirst] = [7, lengthOut];
    const dims: Record<string, number> = {};
    UNLIKE.forEach(({ m, n }, p) => {
      outFirst -= n + 3;
      const numbers =
        p < parts ? { m, n, a_first: aFirst, out_first: outFirst } : { m: 0, n: 0, a_first: 0, out_first: 0 };
      for (const [name, value] of Object.entries(numbers)) dims[`${name}.${"xyzw"[p]}`] = value;
      aFirst += m * n + 2;
    });
    const a = noise(lengthA, 1);
    const bounds = new Float64Array(lengthOut);
    twin({ buffers: { a: Float64Array.from(a, Math.abs), out: bounds }, dims, flags, constants, workgroups });
    const additions = CHUNK + Math.ceil(Math.max(...some.map(({ m }) => m)) / (CHUNK * ROWS)) + ROWS;
    await checkDispatch(gpu, {
      variant: { kernel, flags, constants },
      twin,
      dims,
      buffers: { a, out: noise(lengthOut, 2) },
      workgroups,
      tolerance: { out: (i) => additions * 2 ** -24 * (bounds[i] as number) },
    });
  },
}));

export const cases: GpuCase[] = [...alikeCases, ...unlikeCases];
