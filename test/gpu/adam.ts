import { CORRECTION1, CORRECTION2, SCALE } from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { adam as kernel } from "../../src/kernels.ts";
import { adam as twin } from "../../src/oracle/adam.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;
const EPSILON = 2 ** -24;

/** As float32, in which the kernel gets them: 1 - beta is then exact on both sides. */
const settings = { learning_rate: Math.fround(0.01), beta1: Math.fround(0.9), beta2: Math.fround(0.999) };
const corrections = { first: Math.fround(0.19), second: Math.fround(0.002) };
const LEAST_V = 0.25;

interface Update {
  length: number;
  /** Factor of the gradients; 0 refuses the step. */
  scale?: number;
  gradients?: Float32Array;
}

/**
 * Parameters, gradients and m lie within ±1, v from 0.25 to 1. The new moments are rounded at most 5 times, always
 * below 1. An update adds up, in units of 2^-24: 5 from m; 5 / (2 * 0.25) = 10 from v, halved by the root; 5 for each of
 * three divisions, of which the root halves one; 9 for the root (WGSL: the inverse of inverseSqrt); 2 more. That is
 * below 40, of the largest update there can be. The parameter itself then rounds once, below 2.
 */
const LARGEST_UPDATE =
  settings.learning_rate / corrections.first / Math.sqrt((LEAST_V * settings.beta2) / corrections.second);

async function checkUpdate(gpu: Gpu, { length, scale = 0.5, gradients }: Update): Promise<void> {
  const control = noise(8, 5);
  control.set([corrections.first], CORRECTION1);
  control.set([corrections.second], CORRECTION2);
  control.set([scale], SCALE);
  const refused = { parameters: 0, m: 0, v: 0 };
  const applied = { parameters: (40 * LARGEST_UPDATE + 2) * EPSILON, m: 5 * EPSILON, v: 5 * EPSILON };
  await checkDispatch(gpu, {
    variant: { kernel },
    twin,
    dims: { length, ...settings, epsilon: 1e-8 },
    buffers: {
      parameters: noise(length, 1),
      gradients: gradients ?? noise(length, 2),
      m: noise(length, 3),
      v: noise(length, 4).map((value) => LEAST_V + (1 - LEAST_V) * Math.abs(value)),
      control,
    },
    workgroups: [2, 1, 1],
    tolerance: scale === 0 ? refused : applied,
  });
}

export const cases: GpuCase[] = [
  ...[4, 4 * (LANES - 1), 4 * (LANES + 1), 4 * (5 * LANES + 1)].map((length) => ({
    name: `${length} parameters`,
    run: (gpu: Gpu) => checkUpdate(gpu, { length }),
  })),
  {
    name: "a gradient that is 0 from the start leaves its parameter, by epsilon",
    run: async (gpu) => {
      const control = new Float32Array(8).fill(1);
      const zeros = new Float32Array(4);
      await checkDispatch(gpu, {
        variant: { kernel },
        twin,
        dims: { length: 4, ...settings, epsilon: 1e-8 },
        buffers: { parameters: noise(4, 1), gradients: zeros, m: zeros, v: zeros, control },
        workgroups: [1, 1, 1],
        tolerance: { parameters: 0, m: 0, v: 0 },
      });
    },
  },
  {
    name: "a refused step lets no NaN into parameters or moments",
    run: (gpu) => checkUpdate(gpu, { length: 260, scale: 0, gradients: new Float32Array(260).fill(Number.NaN) }),
  },
];
