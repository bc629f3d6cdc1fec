import { sgd as kernel } from "../../src/kernels.ts";
import { sgd as twin } from "../../src/oracle/sgd.ts";
import type { GpuCase } from "./case.ts";
import { casesOf, checkUpdate, type OptimizerCase } from "./optimizer-dispatch.ts";

const EPSILON = 2 ** -24;

/**
 * All numbers lie within ±1. A direction rounds the gradient's scaling, the decay and their sum, below 1; a velocity three
 * products and sums more, below 2; Nesterov's direction two more, below 4: at most 16 times 2^-24. A parameter takes 1/16
 * of that error and rounds three products and a sum below 2 itself.
 */
const plain: OptimizerCase = {
  what: "plain",
  variant: { kernel },
  twin,
  dims: { learning_rate: 0.125, weight_decay: 0.25 },
  moments: {},
  tolerance: { parameters: 6 * EPSILON },
};

const withMomentum: OptimizerCase = {
  ...plain,
  what: "with momentum",
  variant: { kernel, flags: { MOMENTUM: true } },
  dims: { ...plain.dims, momentum: 0.75, dampening: 0.375 },
  moments: { velocity: (value) => value },
  counts: true,
  tolerance: { parameters: 6 * EPSILON, velocity: 8 * EPSILON },
};

const nesterov: OptimizerCase = {
  ...withMomentum,
  what: "with Nesterov's momentum",
  variant: { kernel, flags: { MOMENTUM: true, NESTEROV: true } },
};

export const cases: GpuCase[] = [
  ...[plain, withMomentum, nesterov].flatMap(casesOf),
  {
    name: "the first update enters the velocity undampened",
    run: (gpu) => checkUpdate(gpu, withMomentum, { length: 260, applied: 1 }),
  },
];
