import { carryPast as kernel } from "../../src/kernels.ts";
import { carryPast as twin } from "../../src/oracle/carry_past.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";
import { poolMask } from "./pool_time.ts";

/** One element; more than 64 of them, of a past shorter and longer than the sequence. */
export const pasts = [
  { time: 1, batch: 1, inputs: 1, taps: 2, dilation: 1, steps: 1 },
  { time: 9, batch: 3, inputs: 43, taps: 3, dilation: 2, steps: 4 },
  { time: 2, batch: 3, inputs: 43, taps: 4, dilation: 2, steps: 6 },
];

export const cases: GpuCase[] = [false, true].map((masked) => ({
  name: masked ? "masked" : "alone",
  run: async (gpu) => {
    for (const { time, batch, inputs, steps } of pasts) {
      await checkDispatch(gpu, {
        variant: { kernel, flags: { MASKED: masked } },
        twin,
        dims: { time, batch, inputs, steps },
        buffers: {
          x: noise(time * batch * inputs, 1),
          ...(masked ? { mask: poolMask(time, batch) } : {}),
          past: noise(batch * steps * inputs + 1, 2),
        },
        workgroups: [1, 1, 1],
        tolerance: { past: 0 },
      });
    }
  },
}));
