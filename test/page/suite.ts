import { type AdapterSummary, type Gpu, openDevice } from "../../src/gpu/device.ts";
import { cases } from "../gpu/all.ts";

/** The GPU cases inside another program, as the test that drives it calls them. */
export interface Suite {
  open(): Promise<AdapterSummary>;
  run(name: string): Promise<void>;
}

let gpu: Gpu;

export const suite: Suite = {
  async open() {
    const adapter =
      (await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" })) ??
      (await navigator.gpu?.requestAdapter({ forceFallbackAdapter: true }));
    gpu = await openDevice(adapter ? { adapter } : {});
    return gpu.adapter;
  },
  async run(name) {
    const found = cases.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`there is no case "${name}"`);
    await found.run(gpu);
  },
};
