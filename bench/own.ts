import { openDevice } from "../src/gpu/device.ts";
import { CallCounter } from "./count-calls.ts";
import { MEASUREMENTS, type Measured, type Measurement } from "./measurements.ts";

/** Measures what is ours in this very program: on the adapter that Node finds, or that Deno offers. */
export async function measureOwn(what: Measurement, print: (text: string) => void): Promise<Measured> {
  const [classes, adapter] = await webgpuHere();
  const counter = new CallCounter(classes);
  const gpu = await openDevice(adapter ? { adapter } : {});
  try {
    return await MEASUREMENTS[what](gpu, counter, print);
  } finally {
    gpu.dispose();
  }
}

/** WebGPU's classes; and an adapter where `navigator` has none. */
export async function webgpuHere(): Promise<[classes: object, adapter?: GPUAdapter]> {
  if ("deno" in process.versions) return [globalThis];
  const { provideAdapter } = await import("../src/node/install.ts");
  const adapter = await provideAdapter();
  return [(await import("webgpu")).globals, adapter];
}
