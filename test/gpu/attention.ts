import { attention as kernel } from "../../src/kernels.ts";
import { attention as twin } from "../../src/oracle/attention.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

export const EPSILON = 2 ** -24;

export interface AttentionSizes {
  time: number; // T
  batch: number; // B
  steps: number; // S
  size: number; // A
  columns: number; // C
  /** Fewer than there are rows, somewhere. */
  groups: number;
}

/** One number; and more steps and columns than the 64 invocations of a workgroup reach at once. */
export const attentionSizes: readonly AttentionSizes[] = [
  { time: 1, batch: 1, steps: 1, size: 1, columns: 1, groups: 1 },
  { time: 3, batch: 2, steps: 67, size: 70, columns: 65, groups: 4 },
];

export const scores = [
  { name: "multiplicative", flags: { ADDITIVE: false } },
  { name: "additive", flags: { ADDITIVE: true } },
];

export const sizesText = ({ time, batch, steps, size, columns }: AttentionSizes): string =>
  `${time} × ${batch} queries of ${size}, ${steps} steps of ${columns}`;

/** The second row of the source has no step, the first one in three. */
const maskOf = ({ steps, batch }: AttentionSizes): Float32Array =>
  Float32Array.from({ length: steps * batch }, (_, i) => (i % batch === 0 && Math.floor(i / batch) % 3 === 0 ? 1 : 0));

export const cases: GpuCase[] = scores.flatMap(({ name, flags }) =>
  [false, true].flatMap((masked) =>
    attentionSizes.map(
      (sizes): GpuCase => ({
        name: `${name}${masked ? ", masked" : ""}: ${sizesText(sizes)}`,
        run: async (gpu) => {
          const { time, batch, steps, size, columns, groups } = sizes;
          const rows = time * batch;
          const context = rows * steps + 3;
          // Terms of a score are at most 4 / A: the score is at most 4, and off by a unit for each addition and 12 for a
          // tanh. A weight is off by two scores, two exponentials of up to 8 (3 + 2 · 8 units each) and the sum; the mean
          // of values below 1 by as much and its own additions.
          const weight = (8 * (size + 12) + 38 + steps + 64 + 4) * EPSILON;
          await checkDispatch(gpu, {
            variant: { kernel, flags: { ...flags, MASKED: masked } },
            twin,
            dims: { rows, batch, steps, size, columns, context },
            buffers: {
              queries: noise(rows * size, 1),
              keys: noise(steps * batch * size, 2, flags.ADDITIVE ? 1 : 4 / size),
              values: noise(steps * batch * columns, 3),
              attended: noise(context + rows * columns, 4),
              ...(masked ? { mask: maskOf(sizes) } : {}),
              ...(flags.ADDITIVE ? { score_weight: noise(size, 6, 4 / size) } : {}),
            },
            workgroups: [groups, 1, 1],
            tolerance: {
              // Where the mask leaves a step out exactly 0, and what lies between weights and context stays.
              attended: (i, reference) => (i < context ? weight * Math.abs(reference) : weight + steps * EPSILON),
            },
          });
        },
      }),
    ),
  ),
);
