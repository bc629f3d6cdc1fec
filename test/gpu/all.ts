import type { Gpu } from "../../src/gpu/device.ts";
import type { GpuCase } from "./case.ts";

const modules = import.meta.glob<{ cases?: readonly GpuCase[] }>(["./*.ts", "!./all.ts"], { eager: true });

/** Every case of this folder under `file: name`. An error of the device that no call reported fails its case as well. */
export const cases: readonly GpuCase[] = Object.entries(modules).flatMap(([path, module]) =>
  (module.cases ?? []).map(({ name, run }) => ({
    name: `${path.slice("./".length, -".ts".length)}: ${name}`,
    async run(gpu: Gpu) {
      await run(gpu);
      await gpu.device.queue.onSubmittedWorkDone();
      gpu.check();
    },
  })),
);
