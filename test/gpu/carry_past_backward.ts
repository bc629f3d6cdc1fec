import type { Gpu } from "../../src/gpu/device.ts";
import { carryPastBackward as kernel } from "../../src/kernels.ts";
import { carryPastBackward as twin } from "../../src/oracle/carry_past_backward.ts";
import { pasts } from "./carry_past.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";
import { poolMask } from "./pool_time.ts";

async function checkCarry(gpu: Gpu, flags: { MASKED?: boolean; INPUTS?: boolean }): Promise<void> {
  for (const dims of pasts) {
    const { time, batch, inputs, taps, steps } = dims;
    await checkDispatch(gpu, {
      variant: { kernel, flags },
      twin,
      dims,
      buffers: {
        dcolumns: noise(time * batch * inputs * taps, 1),
        ...(flags.MASKED ? { mask: poolMask(time, batch) } : {}),
        dpast: noise(batch * steps * inputs + 1, 2),
        ...(flags.INPUTS ? { dx: noise(time * batch * inputs + 1, 3) } : {}),
      },
      workgroups: [1, 1, 1],
      // A sum of K + 1 numbers below 1 is rounded K times; dx takes one number more.
      tolerance: { dpast: taps * (taps + 1) * 2 ** -24, dx: 2 * 2 ** -24 },
    });
  }
}

export const cases: GpuCase[] = [
  { name: "alone", run: (gpu) => checkCarry(gpu, {}) },
  { name: "masked", run: (gpu) => checkCarry(gpu, { MASKED: true }) },
  { name: "to the inputs", run: (gpu) => checkCarry(gpu, { INPUTS: true }) },
  { name: "masked, to the inputs", run: (gpu) => checkCarry(gpu, { MASKED: true, INPUTS: true }) },
];
