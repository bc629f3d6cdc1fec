import type { Prepare } from "../src/cli/timing.ts";
import type { Gpu } from "../src/gpu/device.ts";

/** Commands for `millisecondsOf`: one command buffer, recorded before the clock starts. */
export const commands =
  ({ device }: Gpu, record: (encoder: GPUCommandEncoder, times: number) => void): Prepare =>
  (times) => {
    const encoder = device.createCommandEncoder();
    record(encoder, times);
    const recorded = [encoder.finish()];
    return () => {
      device.queue.submit(recorded);
      return device.queue.onSubmittedWorkDone();
    };
  };
