import type { Gpu } from "../../src/gpu/device.ts";
import { accumulate as kernel } from "../../src/kernels.ts";
import { accumulate as twin } from "../../src/oracle/accumulate.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;

/** A sum below 2 is rounded once. */
const check = (gpu: Gpu, length: number, step: number, total = noise(length, 2)) =>
  checkOf(gpu, length, { total, counters: Uint32Array.of(step, 0, 0, 0) });

const checkOf = (gpu: Gpu, length: number, buffers: Record<string, Float32Array | Uint32Array>, flags = {}) =>
  checkDispatch(gpu, {
    variant: { kernel, flags },
    twin,
    dims: { length, steps: 3 },
    buffers: { gradients: noise(length, 1), ...buffers },
    workgroups: [2, 1, 1],
    tolerance: { total: 2 ** -24 },
  });

export const cases: GpuCase[] = [
  ...[4, 4 * (LANES - 1), 4 * (LANES + 1), 4 * (5 * LANES + 1)].map((length) => ({
    name: `adds ${length} gradients`,
    run: async (gpu: Gpu) => void (await check(gpu, length, 7)),
  })),
  {
    name: "always adds where it counts nothing",
    run: async (gpu) => void (await checkOf(gpu, 260, { total: noise(260, 2) }, { ADD: true })),
  },
  {
    name: "the first of three sets, whatever an update that was refused has left",
    run: async (gpu) => void (await check(gpu, 260, 6, new Float32Array(260).fill(Number.NaN))),
  },
];
