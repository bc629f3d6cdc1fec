import type { Gpu } from "../../src/gpu/device.ts";
import { unfoldTime as kernel } from "../../src/kernels.ts";
import { unfoldTime as twin } from "../../src/oracle/unfold_time.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";
import { poolMask } from "./pool_time.ts";

/** One element of one tap; more than 64 elements, from the left and from both sides; a past longer than the sequence. */
export const convolutions = [
  { time: 1, batch: 1, inputs: 1, taps: 1, dilation: 1, left: 0 },
  { time: 9, batch: 3, inputs: 7, taps: 3, dilation: 2, left: 4 },
  { time: 9, batch: 3, inputs: 7, taps: 4, dilation: 1, left: 1 },
  { time: 2, batch: 3, inputs: 5, taps: 4, dilation: 3, left: 9 },
];

async function checkUnfold(gpu: Gpu, flags: { MASKED?: boolean; PAST?: boolean }): Promise<void> {
  for (const dims of convolutions) {
    const { time, batch, inputs, taps, left } = dims;
    await checkDispatch(gpu, {
      variant: { kernel, flags },
      twin,
      dims,
      buffers: {
        x: noise(time * batch * inputs, 1),
        ...(flags.MASKED ? { mask: poolMask(time, batch) } : {}),
        ...(flags.PAST ? { past: noise(Math.max(batch * left * inputs, 1), 2) } : {}),
        columns: noise(time * batch * inputs * taps + 1, 3),
      },
      workgroups: [2, 1, 1],
      tolerance: { columns: 0 },
    });
  }
}

export const cases: GpuCase[] = [
  { name: "alone", run: (gpu) => checkUnfold(gpu, {}) },
  { name: "masked", run: (gpu) => checkUnfold(gpu, { MASKED: true }) },
  { name: "with a past", run: (gpu) => checkUnfold(gpu, { PAST: true }) },
  { name: "masked, with a past", run: (gpu) => checkUnfold(gpu, { MASKED: true, PAST: true }) },
];
