import type { Gpu } from "../../src/gpu/device.ts";
import { dropout as kernel } from "../../src/kernels.ts";
import { dropout as twin } from "../../src/oracle/dropout.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;

interface Mask {
  length: number;
  probability?: number;
  seed?: number;
  stream?: number;
  step?: number;
}

/** A kept element is divided by a difference that is rounded once; a division errs by 2.5 units in the last place. */
async function checkMask(
  gpu: Gpu,
  { length, probability = Math.fround(0.3), seed = 7, stream = 1, step = 3 }: Mask,
): Promise<Float32Array> {
  const { out } = await checkDispatch(gpu, {
    variant: { kernel },
    twin,
    dims: { length, probability, seed, stream },
    buffers: { x: noise(length, 1), counters: Uint32Array.of(step, 8, 9, 10), out: noise(length, 2) },
    workgroups: [3, 1, 1],
    tolerance: { out: (_, reference) => 6 * 2 ** -24 * Math.abs(reference) },
  });
  return out as Float32Array;
}

export const cases: GpuCase[] = [
  ...[1, 2 * LANES - 1, 2 * LANES, 2 * LANES + 1, 1001].map((length) => ({
    name: `of ${length}`,
    run: async (gpu: Gpu) => {
      await checkMask(gpu, { length });
    },
  })),
  ...[0, 1].map((probability) => ({
    name: `probability ${probability}`,
    run: async (gpu: Gpu) => {
      await checkMask(gpu, { length: 200, probability });
    },
  })),
  {
    name: "seed, stream and step each give another mask",
    run: async (gpu) => {
      const length = 4096;
      const half = { length, probability: 0.5 };
      const mask = await checkMask(gpu, half);
      for (const other of [{ seed: 8 }, { stream: 2 }, { step: 4 }]) {
        const out = await checkMask(gpu, { ...half, ...other });
        const equal = out.filter((value, i) => (value === 0) === (mask[i] === 0)).length;
        // Independent masks agree in half of the places; 5 standard deviations of sqrt(length) / 2 are allowed.
        if (Math.abs(equal - length / 2) > 2.5 * Math.sqrt(length)) throw new Error(`${equal} of ${length} agree`);
      }
    },
  },
];
