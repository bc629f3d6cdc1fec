import { type AdapterSummary, type Gpu, openDevice } from "../../src/gpu/device.ts";
import { cases } from "../gpu/all.ts";

/** What the test that drives this page calls. */
export interface Suite {
  open(): Promise<AdapterSummary>;
  run(name: string): Promise<void>;
}

declare global {
  interface Window {
    suite: Suite;
  }
}

let gpu: Gpu;

window.suite = {
  async open() {
    const adapter =
      (await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" })) ??
      (await navigator.gpu?.requestAdapter({ forceFallbackAdapter: true }));
    gpu = await openDevice(adapter ? { adapter } : {});
    return gpu.adapter;
  },
  async run(name) {
    const found = cases.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`the page has no case "${name}"`);
    await found.run(gpu);
  },
};
