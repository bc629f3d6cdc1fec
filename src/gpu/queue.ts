import type { Gpu } from "./device.ts";

/** Records commands and submits them as one: the only place that makes an encoder. */
export function submit(gpu: Gpu, record: (encoder: GPUCommandEncoder) => void): void {
  gpu.check();
  const encoder = gpu.device.createCommandEncoder();
  record(encoder);
  gpu.device.queue.submit([encoder.finish()]);
}
