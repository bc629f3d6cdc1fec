import type { Gpu } from "../../src/gpu/device.ts";
import { rnnRowsBackward as kernel } from "../../src/kernels.ts";
import type { GpuCase } from "./case.ts";
import { checkRecurrent, dispatchesOf, telling } from "./recorded-dispatch.ts";
import { normalised } from "./recordings.ts";

export const cases: GpuCase[] = normalised.map((recording) => ({
  name: `last, middle and first step of ${recording.name}`,
  run: async (gpu: Gpu) => {
    for (const step of dispatchesOf(gpu, recording, "step", [kernel], telling)) await checkRecurrent(gpu, step);
  },
}));
