import { embeddingForward as kernel } from "../../src/kernels.ts";
import { forwardTile } from "../../src/ops/embedding-tiles.ts";
import { embeddingForward as twin } from "../../src/oracle/embedding_forward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise, randomIds } from "./noise.ts";

/** One element; rows shorter and longer than a workgroup, by ones and by fours; more than the grid at once. */
const sizes = [
  { rows: 1, columns: 1, vocabulary: 1, groups: 1 },
  { rows: 5, columns: 13, vocabulary: 7, groups: 2 },
  { rows: 9, columns: 7, vocabulary: 3, groups: 1 },
  { rows: 9, columns: 67, vocabulary: 3, groups: 2 },
  { rows: 50, columns: 64, vocabulary: 65, groups: 3 },
  { rows: 5, columns: 260, vocabulary: 4, groups: 5 },
];

/** As most adapters, and as SwiftShader. */
const targets = [false, true].map((quads) => ({ storage: 16_384, invocations: 256, software: quads, quads }));

export const cases: GpuCase[] = targets.flatMap((target) =>
  sizes.map(({ rows, columns, vocabulary, groups }) => ({
    name: `${rows} rows of ${columns} out of ${vocabulary}, ${groups} workgroups${target.quads ? " of whole rows" : ""}`,
    run: async (gpu) => {
      const { flags, constants } = forwardTile(columns, target);
      await checkDispatch(gpu, {
        variant: { kernel, flags, constants: { ...constants, ROWS: 64 / constants.LANES } },
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
  })),
);
