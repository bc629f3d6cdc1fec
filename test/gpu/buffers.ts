import type { Gpu } from "../../src/gpu/device.ts";

/** Runs `work` and tells how many buffers it has made, and how many of them it has not destroyed. */
export async function countBuffers(gpu: Gpu, work: () => Promise<void>): Promise<{ made: number; left: number }> {
  const { device } = gpu;
  const live = new Set<GPUBuffer>();
  let made = 0;
  const createBuffer = device.createBuffer;
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer.call(device, descriptor);
    made += 1;
    live.add(buffer);
    const destroy = buffer.destroy;
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy.call(buffer);
    };
    return buffer;
  };
  try {
    await work();
  } finally {
    device.createBuffer = createBuffer;
  }
  return { made, left: live.size };
}
