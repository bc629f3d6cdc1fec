import { unfoldTimeBackward as kernel } from "../../src/kernels.ts";
import { unfoldTimeBackward as twin } from "../../src/oracle/unfold_time_backward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";
import { poolMask } from "./pool_time.ts";
import { convolutions } from "./unfold_time.ts";

export const cases: GpuCase[] = [false, true].map((masked) => ({
  name: masked ? "masked" : "alone",
  run: async (gpu) => {
    for (const dims of convolutions) {
      const { time, batch, inputs, taps } = dims;
      await checkDispatch(gpu, {
        variant: { kernel, flags: { MASKED: masked } },
        twin,
        dims,
        buffers: {
          dcolumns: noise(time * batch * inputs * taps, 1),
          ...(masked ? { mask: poolMask(time, batch) } : {}),
          dx: noise(time * batch * inputs + 1, 2),
        },
        workgroups: [2, 1, 1],
        tolerance: { dx: taps * taps * 2 ** -24 }, // a sum of K numbers below 1 is rounded K - 1 times
      });
    }
  },
}));
