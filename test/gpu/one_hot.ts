import { oneHot as kernel } from "../../src/kernels.ts";
import { oneHot as twin } from "../../src/oracle/one_hot.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise, randomIds } from "./noise.ts";

/** One element; more elements than the workgroup's 64 invocations reach at once. */
export const cases: GpuCase[] = [
  { rows: 1, columns: 1 },
  { rows: 5, columns: 65 },
].map(({ rows, columns }) => ({
  name: `${rows} of ${columns}`,
  run: async (gpu) => {
    await checkDispatch(gpu, {
      variant: { kernel },
      twin,
      dims: { rows, columns },
      buffers: { ids: randomIds(rows, 1, columns), out: noise(rows * columns + 1, 2) },
      workgroups: [1, 1, 1],
      tolerance: { out: 0 },
    });
  },
}));
