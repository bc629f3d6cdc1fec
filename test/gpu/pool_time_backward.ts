import type { Gpu } from "../../src/gpu/device.ts";
import { poolTimeBackward as kernel } from "../../src/kernels.ts";
import { poolTimeBackward as twin } from "../../src/oracle/pool_time_backward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise, randomIds } from "./noise.ts";
import { poolMask, poolSizes } from "./pool_time.ts";

async function checkPool(gpu: Gpu, flags: Readonly<Record<string, boolean>>): Promise<void> {
  for (const { time, batch, columns } of poolSizes) {
    const elements = batch * columns;
    const steps = Float32Array.from(randomIds(elements, 1, time + 1), (step) => step - 1);
    await checkDispatch(gpu, {
      variant: { kernel, flags },
      twin,
      dims: { time, batch, columns },
      buffers: {
        dy: noise(elements, 2),
        saved: flags.MEAN ? noise(elements, 3) : steps,
        ...(flags.MASKED ? { mask: poolMask(time, batch) } : {}),
        dx: noise(time * elements + 1, 4),
      },
      workgroups: [2, 1, 1],
      tolerance: { dx: flags.MEAN ? 2 ** -24 : 0 }, // one product below 1 is rounded
    });
  }
}

export const cases: GpuCase[] = [
  { name: "one step", run: (gpu) => checkPool(gpu, {}) },
  { name: "mean", run: (gpu) => checkPool(gpu, { MEAN: true }) },
  { name: "mean, masked", run: (gpu) => checkPool(gpu, { MEAN: true, MASKED: true }) },
];
