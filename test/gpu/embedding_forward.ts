import { embeddingForward as kernel } from "../../src/kernels.ts";
import { embeddingForward as twin } from "../../src/oracle/embedding_forward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise, randomIds } from "./noise.ts";

/** One element; one more, one less than a workgroup's 64, in rows that end anywhere; more than the grid at once. */
const sizes = [
  { rows: 1, columns: 1, vocabulary: 1, groups: 1 },
  { rows: 5, columns: 13, vocabulary: 7, groups: 2 },
  { rows: 9, columns: 7, vocabulary: 3, groups: 1 },
  { rows: 50, columns: 64, vocabulary: 65, groups: 3 },
];

export const cases: GpuCase[] = sizes.map(({ rows, columns, vocabulary, groups }) => ({
  name: `${rows} rows of ${columns} out of ${vocabulary}, ${groups} workgroups`,
  run: async (gpu) => {
    await checkDispatch(gpu, {
      variant: { kernel },
      twin,
      dims: { rows, columns },
      buffers: {
        ids: randomIds(rows, 1, vocabulary),
        table: noise(vocabulary * columns, 2),
        out: noise(rows * columns, 3),
      },
      workgroups: [groups, 1, 1],
      tolerance: { out: 0 },
    });
  },
}));
