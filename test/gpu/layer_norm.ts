import type { Gpu } from "../../src/gpu/device.ts";
import { layerNorm as kernel } from "../../src/kernels.ts";
import { layerNorm as twin } from "../../src/oracle/layer_norm.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

/** One row of one element, which is its own mean; around a workgroup's 32 lanes; more rows than workgroups. */
export const normSizes = [
  { rows: 1, columns: 1, groups: 1 },
  { rows: 3, columns: 31, groups: 3 },
  { rows: 5, columns: 33, groups: 2 },
  { rows: 2, columns: 516, groups: 2 },
];

/** Largest 1 / standard deviation of a row that is more than one element of noise in ±1, whose deviation is 0.58. */
export const STRETCH = 2;

/**
 * Largest difference from the twin: x stays below `largest`, so the mean is off by the roundings of a lane's N/32 terms
 * and of 32 partial sums, x - mean by as much and one more, and the division by the deviation stretches that; what the
 * deviation itself is off by counts 8 units (inverseSqrt may err by 2) of a result that stays below 4.
 */
export const normBound = (columns: number, largest: number): number =>
  ((columns / 32 + 34) * largest * STRETCH + 8 * 4) * 2 ** -24;

async function checkNorm(
  gpu: Gpu,
  { rows, columns, groups }: (typeof normSizes)[number],
  { bias = false, shift = 0, epsilon = 1e-5 }: { bias?: boolean; shift?: number; epsilon?: number } = {},
): Promise<void> {
  const elements = rows * columns;
  await checkDispatch(gpu, {
    variant: { kernel, flags: { BIAS: bias } },
    twin,
    dims: { rows, columns, epsilon },
    buffers: {
      x: noise(elements, 1).map((value) => value + shift),
      gain: noise(columns, 2),
      ...(bias ? { bias: noise(columns, 3) } : {}),
      y: noise(elements, 4),
    },
    workgroups: [groups, 1, 1],
    tolerance: { y: normBound(columns, Math.abs(shift) + 1) },
  });
}

export const cases: GpuCase[] = [
  ...normSizes.map((size) => ({
    name: `${size.rows} rows of ${size.columns}`,
    run: (gpu: Gpu) => checkNorm(gpu, size),
  })),
  { name: "with a bias", run: (gpu) => checkNorm(gpu, { rows: 3, columns: 65, groups: 1 }, { bias: true }) },
  {
    name: "an epsilon of 1",
    run: (gpu) => checkNorm(gpu, { rows: 3, columns: 65, groups: 1 }, { epsilon: 1 }),
  },
  {
    name: "a mean of 1,000 does not swallow the rest",
    run: (gpu) => checkNorm(gpu, { rows: 2, columns: 40, groups: 2 }, { shift: 1000 }),
  },
];
