import type { Gpu } from "../../src/gpu/device.ts";

/** One behaviour of the GPU, provable in any WebGPU implementation: Node runs it, and so does each browser. */
export interface GpuCase {
  readonly name: string;
  /** Throws where the behaviour is not as it should be. Leaves the device open and without buffers of its own. */
  run(gpu: Gpu): Promise<void>;
}
