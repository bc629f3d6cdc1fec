import { WebgpuRnnError } from "../errors.ts";
import type { Gpu } from "./device.ts";
import { MAP_READ } from "./usage.ts";

/**
 * The bytes of a staging buffer once the GPU has filled it; the buffer is free again afterwards.
 * @throws WebgpuRnnError when the device was lost or disposed meanwhile
 */
export async function copyMapped(gpu: Gpu, buffer: GPUBuffer): Promise<ArrayBuffer> {
  try {
    await buffer.mapAsync(MAP_READ);
  } catch (cause) {
    gpu.check();
    throw new WebgpuRnnError(`reading "${buffer.label}" back failed: it or its device was disposed.`, { cause });
  }
  const bytes = buffer.getMappedRange().slice(0);
  buffer.unmap();
  return bytes;
}
