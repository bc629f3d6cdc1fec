import { tanh as kernel } from "../../src/kernels.ts";
import { tanh as twin } from "../../src/oracle/tanh.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const EPSILON = 2 ** -24;

/** One element; more than one workgroup's 64 invocations reach at once. */
export const cases: GpuCase[] = [1, 131].flatMap((length): GpuCase[] => [
  {
    name: `of ${length}`,
    run: async (gpu) => {
      await checkDispatch(gpu, {
        variant: { kernel },
        twin,
        dims: { length },
        buffers: { x: noise(length, 1, 5), y: noise(length, 2) },
        workgroups: [1, 1, 1],
        // A few units in the last place, and from 1 on an exponential of up to 10, which the quotient makes 2 e^-2x of.
        tolerance: { y: (_, reference) => 8 * EPSILON * Math.abs(reference) + 2 * 23 * EPSILON * (1 - reference ** 2) },
      });
    },
  },
  {
    name: `back, of ${length}`,
    run: async (gpu) => {
      await checkDispatch(gpu, {
        variant: { kernel, flags: { BACKWARD: true } },
        twin,
        dims: { length },
        buffers: { y: noise(length, 1), dy: noise(length, 2), dx: noise(length, 3) },
        workgroups: [1, 1, 1],
        tolerance: { dx: 3 * EPSILON }, // three roundings of numbers of at most 1
      });
    },
  },
]);
