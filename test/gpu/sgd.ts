import { SCALE } from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { sgd as kernel } from "../../src/kernels.ts";
import { sgd as twin } from "../../src/oracle/sgd.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;
const EPSILON = 2 ** -24;

interface Update {
  length: number;
  momentum?: number;
  /** Factor of the gradients; 0 refuses the step. */
  scale?: number;
  gradients?: Float32Array;
}

/**
 * All numbers lie within ±1. A velocity rounds the gradient's scaling, its own, and their sum, which lies below 2: at
 * most 4 times 2^-24. A parameter takes learning_rate times that error and rounds a product and a sum below 2 itself.
 */
async function checkUpdate(gpu: Gpu, { length, momentum, scale = 0.5, gradients }: Update): Promise<void> {
  const control = noise(8, 5);
  control[SCALE] = scale;
  await checkDispatch(gpu, {
    variant: { kernel, flags: { MOMENTUM: momentum !== undefined } },
    twin,
    dims: { length, learning_rate: 0.125, ...(momentum === undefined ? {} : { momentum }) },
    buffers: {
      parameters: noise(length, 1),
      gradients: gradients ?? noise(length, 2),
      control,
      ...(momentum === undefined ? {} : { velocity: noise(length, 3) }),
    },
    workgroups: [2, 1, 1],
    tolerance: scale === 0 ? { parameters: 0, velocity: 0 } : { parameters: 4 * EPSILON, velocity: 4 * EPSILON },
  });
}

export const cases: GpuCase[] = [
  ...[4, 4 * (LANES - 1), 4 * (LANES + 1), 4 * (5 * LANES + 1)].map((length) => ({
    name: `${length} parameters`,
    run: (gpu: Gpu) => checkUpdate(gpu, { length }),
  })),
  { name: "with momentum", run: (gpu) => checkUpdate(gpu, { length: 4 * (2 * LANES + 1), momentum: 0.75 }) },
  {
    name: "a refused step lets no NaN into parameters or velocity",
    run: (gpu) =>
      checkUpdate(gpu, { length: 260, momentum: 0.75, scale: 0, gradients: new Float32Array(260).fill(Number.NaN) }),
  },
];
