import { type Gpu, openDevice } from "../src/gpu/device.ts";
import { CallCounter } from "./count-calls.ts";
import type { Listener } from "./listener.ts";
import { MEASUREMENTS, type Measured, type Measurement } from "./measurements.ts";

/** Measures what is ours in this very program. */
export const measureOwn = (what: Measurement, small: boolean, listener: Listener<Measured>): Promise<Measured> =>
  onOwnDevice<Measured>((gpu, counter) => MEASUREMENTS[what](gpu, counter, listener, small));

/** Opens the adapter that Node finds, or that Deno offers, for as long as something runs. */
export async function onOwnDevice<Result>(run: (gpu: Gpu, counter: CallCounter) => Promise<Result>): Promise<Result> {
  const [classes, adapter] = await webgpuHere();
  const counter = new CallCounter(classes);
  const gpu = await openDevice(adapter ? { adapter } : {});
  try {
    return await run(gpu, counter);
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
