import { attentionQueriesBackward as kernel } from "../../src/kernels.ts";
import { attentionQueriesBackward as twin } from "../../src/oracle/attention_queries_backward.ts";
import { attentionSizes, EPSILON, scores, sizesText } from "./attention.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

export const cases: GpuCase[] = scores.flatMap(({ name, flags }) =>
  [false, true].flatMap((accumulate) =>
    attentionSizes.map(
      (sizes): GpuCase => ({
        name: `${name}${accumulate ? ", added" : ""}: ${sizesText(sizes)}`,
        run: async (gpu) => {
          const { time, batch, steps, size, columns, groups } = sizes;
          const rows = time * batch;
          const context = rows * steps + 3;
          // Differences of values are at most 2 / C: their sum is at most 2, off by two units for each of C additions. Weights
          // are at most 1 / S: a score's gradient is at most 2 / S. Sums over S of them times at most 1, which for a tanh or
          // its derivative is off by up to 24 units, and what is added last, are at most 3.
          const score = 2 * columns + 8;
          await checkDispatch(gpu, {
            variant: { kernel, flags: { ...flags, ACCUMULATE: accumulate } },
            twin,
            dims: {
              rows,
              batch,
              steps,
              size,
              columns,
              context,
              ...(flags.ADDITIVE ? { scaled: rows * size + 3 } : {}),
            },
            buffers: {
              keys: noise(steps * batch * size, 1),
              values: noise(steps * batch * columns, 2, 1 / columns),
              attended: Float32Array.of(
                ...noise(context, 3).map((value) => Math.abs(value) / steps),
                ...noise(rows * columns, 9, 1 / columns),
              ),
              dcontext: noise(rows * columns, 4),
              dscores: noise(rows * steps, 5),
              dqueries: noise(2 * rows * size + 3, 6),
              ...(flags.ADDITIVE ? { queries: noise(rows * size, 7), score_weight: noise(size, 8) } : {}),
            },
            workgroups: [groups, 1, 1],
            tolerance: {
              dscores: (score * EPSILON) / steps,
              dqueries: (score + 2 * (steps + 24) + 3) * EPSILON,
            },
          });
        },
      }),
    ),
  ),
);
