import { sum as kernel } from "../../src/kernels.ts";
import { sum as twin } from "../../src/oracle/sum.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;

/**
 * A term takes part in length / LANES additions of its invocation and in LANES of the first. Each addition
 * rounds by at most 2^-24 of a sum that lies below `length`.
 */
export const cases: GpuCase[] = [1, LANES - 1, LANES, LANES + 1, 100_003].map((length) => ({
  name: `of ${length}`,
  run: async (gpu) => {
    await checkDispatch(gpu, {
      variant: { kernel },
      twin,
      dims: { length },
      buffers: { x: noise(length, 1), out: noise(1, 2) },
      workgroups: [1, 1, 1],
      tolerance: { out: length * (length / LANES + LANES) * 2 ** -24 },
    });
  },
}));
