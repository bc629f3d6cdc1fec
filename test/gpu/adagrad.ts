import { adagrad as kernel } from "../../src/kernels.ts";
import { adagrad as twin } from "../../src/oracle/adagrad.ts";
import type { GpuCase } from "./case.ts";
import { casesOf, type OptimizerCase } from "./optimizer-dispatch.ts";

const EPSILON = 2 ** -24;
const LEAST_SUM = 0.25;

/**
 * Parameters lie within ±1, g below 0.75, sums from 0.25 to 1 before and below 2 after. In units of 2^-24: g is rounded 3
 * times, below 1; a sum takes 2 * 0.75 * 3 from g and rounds a square and itself, below 2: 7 at most. An update, below
 * 0.0625 * 0.75 / 0.5 = 0.1, takes relatively 3 / 0.5 from g, 7 / (2 * 0.25) from the sum, 9 for the root, 2.5 for each of
 * two divisions, and 4 more: below 40. The parameter then rounds once, below 2.
 */
const decaying: OptimizerCase = {
  what: "with decay",
  variant: { kernel },
  twin,
  dims: { learning_rate: 0.125, rate_decay: 0.25, epsilon: Math.fround(1e-10), weight_decay: 0.25 },
  moments: { sum: (value) => LEAST_SUM + (1 - LEAST_SUM) * Math.abs(value) },
  counts: true,
  tolerance: { parameters: (40 * 0.1 + 2) * EPSILON, sum: 7 * EPSILON },
};

export const cases: GpuCase[] = casesOf(decaying);
