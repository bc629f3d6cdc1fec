import type { Gpu } from "../../src/gpu/device.ts";
import { sumSquares as kernel } from "../../src/kernels.ts";
import { HUGE } from "../../src/oracle/huge.ts";
import { sumSquares as twin } from "../../src/oracle/sum_squares.ts";
import type { GpuCase } from "./case.ts";
import { compare, playDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;

/** A vector; one more and one less than a workgroup takes at once; several workgroups; the most there may be. */
const sizes = [
  { length: 4, groups: 1 },
  { length: 4 * (LANES - 1), groups: 1 },
  { length: 4 * (LANES + 1), groups: 1 },
  { length: 4 * (3 * LANES + 1), groups: 3 },
  { length: 200_000, groups: 256 },
];

/**
 * The twin leaves how the sum is shared out to the kernel: the partials are added here, in float64. All terms are
 * positive, so that each rounding of a term (square, additions of its component, of the components, of the
 * invocations) is at most 2^-24 of its share.
 */
async function check(gpu: Gpu, x: Float32Array, groups: number): Promise<void> {
  const { length } = x;
  const whole = { x: Float64Array.from(x), partials: new Float64Array(2) };
  twin({ buffers: whole, dims: { length }, flags: {}, constants: {}, workgroups: [groups, 1, 1] });
  const { partials } = await playDispatch(gpu, {
    variant: { kernel },
    dims: { length },
    buffers: { x, partials: noise(2 * groups, 2) },
    workgroups: [groups, 1, 1],
  });
  const sums = [0, 1].map((part) =>
    (partials as Float32Array).filter((_, i) => i % 2 === part).reduce((total, sum) => total + sum, 0),
  );
  const roundings = 1 + Math.ceil(length / (4 * LANES * groups)) + 4 + LANES;
  compare("sums of partials", sums, whole.partials, (_, reference) => roundings * 2 ** -24 * reference);
}

export const cases: GpuCase[] = [
  ...sizes.map(({ length, groups }) => ({
    name: `of ${length} in ${groups} workgroups`,
    run: (gpu: Gpu) => check(gpu, noise(length, 1), groups),
  })),
  {
    name: "of numbers near 1e25, whose squares float32 could not hold, among ordinary ones",
    run: (gpu) =>
      check(
        gpu,
        noise(2000, 1).map((value, i) => (i % 3 === 0 ? 1e25 * value : value)),
        3,
      ),
  },
  {
    name: "of the largest float32 numbers",
    run: (gpu) => check(gpu, new Float32Array(2000).fill(3.4e38), 3),
  },
  {
    name: "of numbers about the bound between ordinary and huge ones",
    run: (gpu) => check(gpu, Float32Array.of(HUGE, -HUGE, HUGE * (1 + 2 ** -23), -HUGE * (1 - 2 ** -24)), 1),
  },
];
