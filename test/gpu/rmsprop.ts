import { rmsprop as kernel } from "../../src/kernels.ts";
import { rmsprop as twin } from "../../src/oracle/rmsprop.ts";
import type { GpuCase } from "./case.ts";
import { casesOf, type OptimizerCase } from "./optimizer-dispatch.ts";

const EPSILON = 2 ** -24;
const LEAST_V = 0.5;

/**
 * Parameters lie within ±1, g below 0.75, v from 0.5 to 1, the mean within ±0.5: the variance stays above 0.2. In units of
 * 2^-24: g is rounded 3 times, below 1; v and mean at most 6 times, below 1; the variance takes 6 from v, 2 * 0.5 * 6 from
 * the mean and 2 of its own: 14. A direction, below 0.75 / sqrt(0.2) = 1.7, takes relatively 3 / 0.75 from g,
 * 14 / (2 * 0.2) from the variance, 9 for the root, 2.5 for the division and 1 more: 52. A velocity, below 3, rounds two
 * times more. The parameter takes 0.125 * 0.5 of that and rounds three times, below 2.
 */
const DIRECTION = 52 * 1.7 + 2 * 3;

const plain: OptimizerCase = {
  what: "plain",
  variant: { kernel },
  twin,
  dims: { learning_rate: 0.125, alpha: Math.fround(0.9), epsilon: Math.fround(1e-8), weight_decay: 0.25 },
  moments: { v: (value) => LEAST_V + (1 - LEAST_V) * Math.abs(value) },
  tolerance: { parameters: (DIRECTION / 16 + 3 * 2) * EPSILON, v: 6 * EPSILON },
};

const centered: OptimizerCase = {
  ...plain,
  what: "centered, with momentum",
  variant: { kernel, flags: { CENTERED: true, MOMENTUM: true } },
  dims: { ...plain.dims, momentum: 0.75 },
  moments: { ...plain.moments, mean: (value) => 0.5 * value, velocity: (value) => value },
  tolerance: { ...plain.tolerance, mean: 6 * EPSILON, velocity: DIRECTION * EPSILON },
};

export const cases: GpuCase[] = [plain, centered].flatMap(casesOf);
