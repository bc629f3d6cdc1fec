import { attentionKeysBackward as kernel } from "../../src/kernels.ts";
import { attentionKeysBackward as twin } from "../../src/oracle/attention_keys_backward.ts";
import { attentionSizes, EPSILON, scores, sizesText } from "./attention.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

export const cases: GpuCase[] = scores.flatMap(({ name, flags }) =>
  attentionSizes.map(
    (sizes): GpuCase => ({
      name: `${name}: ${sizesText(sizes)}`,
      run: async (gpu) => {
        const { time, batch, steps, size, columns, groups } = sizes;
        const rows = time * batch;
        await checkDispatch(gpu, {
          variant: { kernel, flags },
          twin,
          dims: { time, batch, steps, size, columns },
          buffers: {
            queries: noise(rows * size, 1),
            weights: noise(rows * steps, 2, 1 / time),
            dscores: noise(rows * steps, 3, 1 / time),
            dcontext: noise(rows * columns, 4),
            dkeys: noise(steps * batch * size, 5),
            dvalues: noise(steps * batch * columns, 6),
            ...(flags.ADDITIVE ? { keys: noise(steps * batch * size, 7), score_weight: noise(size, 8) } : {}),
          },
          workgroups: [groups, 1, 1],
          // Sums over T of terms of at most 1 / T, off by a unit for each addition and product and 24 for a derivative.
          tolerance: { dkeys: (time + 26) * EPSILON, dvalues: (time + 2) * EPSILON },
        });
      },
    }),
  ),
);
