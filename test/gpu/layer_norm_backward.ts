import { layerNormBackward as kernel } from "../../src/kernels.ts";
import { layerNormBackward as twin } from "../../src/oracle/layer_norm_backward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { normBound, normSizes, STRETCH } from "./layer_norm.ts";
import { noise } from "./noise.ts";

export const cases: GpuCase[] = normSizes.map(({ rows, columns, groups }) => ({
  name: `${rows} rows of ${columns}`,
  run: async (gpu) => {
    const elements = rows * columns;
    // The normalised row n is off as forward. |dy| and |gain| stay below 1, and so does the mean of n·dn, which is off
    // by no more than n; with n below 2 the terms of dx add up to three such errors, which the deviation stretches.
    const normal = normBound(columns, 1);
    await checkDispatch(gpu, {
      variant: { kernel },
      twin,
      dims: { rows, columns, epsilon: 1e-5 },
      buffers: {
        x: noise(elements, 1),
        gain: noise(columns, 2),
        dy: noise(elements, 3),
        dx: noise(elements, 4),
        scaled: noise(elements, 5),
      },
      workgroups: [groups, 1, 1],
      tolerance: { scaled: normal, dx: 3 * STRETCH * normal },
    });
  },
}));
