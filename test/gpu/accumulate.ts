import type { Gpu } from "../../src/gpu/device.ts";
import { accumulate as kernel } from "../../src/kernels.ts";
import { accumulate as twin } from "../../src/oracle/accumulate.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;

/** A sum below 2 is rounded once. */
const check = (gpu: Gpu, length: number, step: number, total = noise(length, 2)) =>
  checkDispatch(gpu, {
    variant: { kernel },
    twin,
    dims: { length, steps: 3 },
    buffers: { gradients: noise(length, 1), total, counters: Uint32Array.of(step, 0, 0, 0) },
    workgroups: [2, 1, 1],
    tolerance: { total: 2 ** -24 },
  });

export const cases: GpuCase[] = [
  ...[4, 4 * (LANES - 1), 4 * (LANES + 1), 4 * (5 * LANES + 1)].map((length) => ({
    name: `adds ${length} gradients`,
    run: async (gpu: Gpu) => void (await check(gpu, length, 7)),
  })),
  {
    name: "the first of three sets, whatever an update that was refused has left",
    run: async (gpu) => void (await check(gpu, 260, 6, new Float32Array(260).fill(Number.NaN))),
  },
];
