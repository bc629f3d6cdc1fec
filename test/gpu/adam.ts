import { adam as kernel } from "../../src/kernels.ts";
import { adam as twin } from "../../src/oracle/adam.ts";
import type { GpuCase } from "./case.ts";
import { CORRECTIONS, casesOf, checkUpdate, type OptimizerCase } from "./optimizer-dispatch.ts";

const EPSILON = 2 ** -24;

/** As float32, in which the kernel gets them: 1 - beta is then exact on both sides. */
const settings = { learning_rate: Math.fround(0.01), beta1: Math.fround(0.9), beta2: Math.fround(0.999) };
const LEAST_V = 0.25;

/**
 * Parameters, gradients and m lie within ±1, v from 0.25 to 1. The new moments are rounded at most 7 times, always
 * below 1. An update adds up, in units of 2^-24: 7 from m; 7 / (2 * 0.25) = 14 from v, halved by the root; 5 for each of
 * three divisions, of which the root halves one; 9 for the root (WGSL: the inverse of inverseSqrt); 3 more. That is
 * below 40, of the largest update there can be. The parameter itself then rounds three times, below 1.
 */
const LARGEST_UPDATE =
  (0.5 * settings.learning_rate) / CORRECTIONS.first / Math.sqrt((LEAST_V * settings.beta2) / CORRECTIONS.second);

const plain: OptimizerCase = {
  what: "plain",
  variant: { kernel },
  twin,
  dims: { ...settings, epsilon: Math.fround(1e-8), weight_decay: 0.25 },
  moments: { m: (value) => value, v: (value) => LEAST_V + (1 - LEAST_V) * Math.abs(value) },
  tolerance: { parameters: (40 * LARGEST_UPDATE + 3) * EPSILON, m: 7 * EPSILON, v: 7 * EPSILON },
};

const amsgrad: OptimizerCase = {
  ...plain,
  what: "with decoupled decay and the largest second moment",
  variant: { kernel, flags: { DECOUPLED: true, AMSGRAD: true } },
  moments: { ...plain.moments, largest: (value) => LEAST_V + (1 - LEAST_V) * Math.abs(value) },
  tolerance: { ...plain.tolerance, largest: 7 * EPSILON },
};

export const cases: GpuCase[] = [
  ...[plain, amsgrad].flatMap(casesOf),
  {
    name: "a gradient that is 0 from the start leaves its parameter, by epsilon",
    run: (gpu) =>
      checkUpdate(
        gpu,
        {
          ...plain,
          dims: { ...plain.dims, weight_decay: 0 },
          moments: { m: () => 0, v: () => 0 },
          tolerance: { parameters: 0, m: 0, v: 0 },
        },
        { length: 4, gradients: new Float32Array(4) },
      ),
  },
];
