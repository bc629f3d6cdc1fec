import type { Gpu } from "../../src/gpu/device.ts";
import { drawMask as kernel } from "../../src/kernels.ts";
import { drawMask as twin } from "../../src/oracle/draw_mask.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;

interface Mask {
  length: number;
  first?: number;
  probability?: number;
  seed?: number;
  stream?: number;
  step?: number;
}

/** Draws a mask between other numbers, which are to stay. @returns the mask */
async function checkMask(
  gpu: Gpu,
  { length, first = 5, probability = Math.fround(0.3), seed = 7, stream = 1, step = 3 }: Mask,
): Promise<Float32Array> {
  const { out } = await checkDispatch(gpu, {
    variant: { kernel },
    twin,
    dims: { first, length, probability, scale: 1.25, seed, stream },
    buffers: { counters: Uint32Array.of(step, 8, 9, 10), out: noise(first + length + 3, 2) },
    workgroups: [3, 1, 1],
    tolerance: { out: 0 },
  });
  return (out as Float32Array).subarray(first, first + length);
}

export const cases: GpuCase[] = [
  ...[1, 2 * LANES, 2 * LANES + 1, 1001].map((length) => ({
    name: `of ${length}`,
    run: async (gpu: Gpu) => {
      await checkMask(gpu, { length });
    },
  })),
  {
    name: "keeps all with probability 0, none with 1",
    run: async (gpu) => {
      const all = await checkMask(gpu, { length: 200, probability: 0 });
      const none = await checkMask(gpu, { length: 200, probability: 1 });
      if (all.some((value) => value !== 1.25) || none.some((value) => value !== 0)) throw new Error("not all, or some");
    },
  },
  {
    name: "seed, stream and step each give another mask, the place in the tensor does not",
    run: async (gpu) => {
      const length = 4096;
      const half = { length, probability: 0.5 };
      const mask = await checkMask(gpu, half);
      const agreement = async (other: Partial<Mask>): Promise<number> => {
        const drawn = await checkMask(gpu, { ...half, ...other });
        return drawn.filter((value, i) => value === mask[i]).length;
      };
      if ((await agreement({ first: 64 })) !== length) throw new Error("the mask depends on its place");
      for (const other of [{ seed: 8 }, { stream: 2 }, { step: 4 }]) {
        const equal = await agreement(other);
        // Independent masks agree in half of the places; 5 standard deviations of sqrt(length) / 2 are allowed.
        if (Math.abs(equal - length / 2) > 2.5 * Math.sqrt(length)) throw new Error(`${equal} of ${length} agree`);
      }
    },
  },
];
