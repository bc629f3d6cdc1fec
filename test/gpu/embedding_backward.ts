import type { Gpu } from "../../src/gpu/device.ts";
import { embeddingBackward as kernel } from "../../src/kernels.ts";
import { backwardTile } from "../../src/ops/embedding-tiles.ts";
import { embeddingBackward as twin } from "../../src/oracle/embedding_backward.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise, randomIds } from "./noise.ts";

const BLOCK = 32 * 64; // most ids that a workgroup searches at a time

interface Lookup {
  rows: number;
  columns: number;
  vocabulary: number;
  span?: number;
  accumulate?: boolean;
}

const lookups: readonly Lookup[] = [
  { rows: 1, columns: 1, vocabulary: 1 },
  { rows: 31, columns: 63, vocabulary: 8 },
  { rows: BLOCK, columns: 3, vocabulary: 65 },
  { rows: BLOCK + 1, columns: 2, vocabulary: 3, span: 1 },
  { rows: BLOCK + 1, columns: 65, vocabulary: 33, span: 32 },
  { rows: 70, columns: 5, vocabulary: 1025 },
  { rows: 70, columns: 260, vocabulary: 1025 },
  { rows: 70, columns: 132, vocabulary: 1025 },
  { rows: BLOCK + 1, columns: 260, vocabulary: 9 }, // by four, and more than a workgroup's columns
  { rows: 70, columns: 64, vocabulary: 9 }, // its table fills its buffer: nothing may be written behind it
  { rows: 65, columns: 9, vocabulary: 7, accumulate: true },
  { rows: BLOCK + 65, columns: 2, vocabulary: 9, accumulate: true },
];

/** A row more than the subgroup of four finds at a time, columns that are not four invocations', more than a workgroup's. */
const quadLookups: readonly Lookup[] = [
  { rows: 1, columns: 1, vocabulary: 1 },
  { rows: 65, columns: 9, vocabulary: 7, accumulate: true },
  { rows: BLOCK + 65, columns: 129, vocabulary: 9 },
  { rows: 71, columns: 516, vocabulary: 65 },
  { rows: 70, columns: 64, vocabulary: 1025 },
  { rows: 70, columns: 260, vocabulary: 9, accumulate: true },
];

/**
 * An element of dtable takes part in one addition for each row that looked it up, and one for each block and for what
 * was there: each rounds by at most 2^-24 of a partial sum, which the sum of the magnitudes bounds. The twin
 * computes that sum from |dout| and |dtable|.
 */
async function check(gpu: Gpu, { rows, columns, vocabulary, span, accumulate = false }: Lookup, quads: boolean) {
  const {
    flags,
    constants: chosen,
    width,
  } = backwardTile(vocabulary, columns, { ...gpu.target, software: true, quads });
  const constants = { ...chosen, ...(span ? { SPAN: span } : {}) };
  const workgroups: Workgroups = [Math.ceil(vocabulary / constants.SPAN), Math.ceil(columns / width), 1];
  const ids = randomIds(rows, 1, vocabulary);
  const buffers = { ids, dout: noise(rows * columns, 2), dtable: noise(vocabulary * columns, 3) };
  const dims = { rows, columns, vocabulary };
  const dtable = Float64Array.from(buffers.dtable, Math.abs);
  const magnitudes = { ids, dout: Float64Array.from(buffers.dout, Math.abs), dtable };
  twin({ buffers: magnitudes, dims, flags: { ACCUMULATE: accumulate }, constants: {}, workgroups });
  const additions = new Uint32Array(vocabulary).fill(Math.ceil(rows / (32 * constants.LANES)) + 1);
  for (const id of ids) additions[id] += 1;
  await checkDispatch(gpu, {
    variant: { kernel, flags: { ACCUMULATE: accumulate, ...flags }, constants },
    twin,
    dims,
    buffers,
    workgroups,
    tolerance: { dtable: (i) => additions[Math.floor(i / columns)] * 2 ** -24 * dtable[i] },
  });
}

const nameOf = ({ rows, columns, vocabulary, span, accumulate }: Lookup): string =>
  `${rows} rows of ${columns} into ${vocabulary}${span ? `, span ${span}` : ""}${accumulate ? ", added" : ""}`;

export const cases: GpuCase[] = [
  ...lookups.map((lookup) => ({ name: nameOf(lookup), run: (gpu: Gpu) => check(gpu, lookup, false) })),
  {
    name: "by a subgroup of four; where there is none: that it is not chosen",
    async run(gpu) {
      const { quads = false } = gpu.target;
      const chosen = backwardTile(9, 65, { ...gpu.target, software: true }).flags.QUADS ?? false;
      if (chosen !== quads) throw new Error(`a subgroup of four: chosen ${chosen}, available ${quads}`);
      if (!quads) return;
      for (const lookup of quadLookups) await check(gpu, lookup, true);
    },
  },
];
