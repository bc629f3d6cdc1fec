import { sumSquares as kernel } from "../../src/kernels.ts";
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
export const cases: GpuCase[] = sizes.map(({ length, groups }) => ({
  name: `of ${length} in ${groups} workgroups`,
  run: async (gpu) => {
    const x = noise(length, 1);
    const whole = { x: Float64Array.from(x), partials: new Float64Array(1) };
    twin({ buffers: whole, dims: { length }, flags: {}, constants: {}, workgroups: [groups, 1, 1] });
    const { partials } = await playDispatch(gpu, {
      variant: { kernel },
      dims: { length },
      buffers: { x, partials: noise(groups, 2) },
      workgroups: [groups, 1, 1],
    });
    const sum = (partials as Float32Array).reduce((total, part) => total + part, 0);
    const roundings = 1 + Math.ceil(length / (4 * LANES * groups)) + 4 + LANES;
    compare("sum of partials", [sum], whole.partials, (_, reference) => roundings * 2 ** -24 * reference);
  },
}));
