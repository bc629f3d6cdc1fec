import { readdirSync } from "node:fs";
import { WebgpuRnnError } from "../errors.ts";
import { loadDawn, requestAdapter } from "./dawn.ts";
import { restWhileWaiting } from "./rest.ts";
import { requestSwiftShader } from "./swiftshader.ts";

export type AdapterKind = "hardware" | "software";

/**
 * Finds an adapter: a real GPU first, else a software one.
 * @param kind only an adapter of this kind
 * @throws WebgpuRnnError when there is none, or when the package `webgpu` is missing
 */
export async function findAdapter(kind?: AdapterKind): Promise<GPUAdapter> {
  const adapter = await searchAdapter(kind);
  if (adapter) return adapter;
  throw new WebgpuRnnError(
    kind === "hardware"
      ? "openDevice: there is no hardware adapter. Install the driver of your GPU (on Linux: its Vulkan driver)."
      : "openDevice: there is no adapter: no GPU driver, and no Chromium whose software adapter could serve. Install " +
          "one (Debian: apt-get install chromium; elsewhere: npx puppeteer browsers install chrome), or set " +
          "CHROME_PATH to the executable of one.",
  );
}

/** As `findAdapter`. @returns null when there is none */
export async function searchAdapter(kind?: AdapterKind): Promise<GPUAdapter | null> {
  await loadDawn(); // a missing package is told before any browser is looked for
  if (kind === "hardware" || (kind === undefined && mayHaveGpu())) {
    const adapter = await requestAdapter();
    if (adapter && !adapter.info.isFallbackAdapter) return adapter;
  }
  return kind === "hardware" ? null : searchSoftware();
}

/** Windows brings a software adapter. On Linux only SwiftShader counts: Mesa's lacks a feature that Dawn demands. */
async function searchSoftware(): Promise<GPUAdapter | null> {
  const linux = process.platform === "linux";
  const adapter = linux ? await requestSwiftShader() : await requestAdapter({ forceFallbackAdapter: true });
  if (adapter) {
    await restWhileWaiting();
    console.warn(`webgpu-rnn: no GPU is used; ${adapter.info.description} computes on the CPU.`);
  }
  return adapter;
}

/** Linux shows a GPU as a device file. Without one Dawn is not asked: it prints a warning for each driver that fails. */
function mayHaveGpu(): boolean {
  if (process.platform !== "linux") return true;
  return readdirSync("/dev").some((name) => /^(dri|nvidia\d|dxg|mali|kgsl|pvr)/.test(name));
}
