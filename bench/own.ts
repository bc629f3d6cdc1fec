import { globals } from "webgpu";
import { openDevice } from "../src/gpu/device.ts";
import { provideAdapter } from "../src/node/install.ts";
import { CallCounter } from "./count-calls.ts";
import { type BenchResult, runBench } from "./run.ts";

/** Measures what is ours on the adapter that Node finds. */
export async function measureOwn(print: (text: string) => void): Promise<BenchResult> {
  const counter = new CallCounter(globals);
  const gpu = await openDevice({ adapter: await provideAdapter() });
  try {
    return await runBench(gpu, counter, print);
  } finally {
    gpu.dispose();
  }
}
