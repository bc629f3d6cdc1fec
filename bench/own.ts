import { globals } from "webgpu";
import { type Gpu, openDevice } from "../src/gpu/device.ts";
import { provideAdapter } from "../src/node/install.ts";
import { CallCounter } from "./count-calls.ts";

/** Measures what is ours on the adapter that Node finds. */
export async function measureOwn<Result>(run: (gpu: Gpu, counter: CallCounter) => Promise<Result>): Promise<Result> {
  const counter = new CallCounter(globals);
  const gpu = await openDevice({ adapter: await provideAdapter() });
  try {
    return await run(gpu, counter);
  } finally {
    gpu.dispose();
  }
}
