import { tmpdir } from "node:os";
import { WebgpuRnnError } from "../errors.ts";

/** A collected instance takes Dawn down with it: with work in flight the process then crashes or never ends. */
const instances: GPU[] = [];

/**
 * Asks Dawn, the WebGPU implementation of Chrome that the package `webgpu` brings to Node, for an adapter. Each call makes
 * an instance of Dawn, so that it looks for drivers again.
 * @returns null where no driver serves
 * @throws WebgpuRnnError as `loadDawn`
 */
export async function requestAdapter(options: GPURequestAdapterOptions = {}): Promise<GPUAdapter | null> {
  const { create } = await loadDawn();
  process.env.XDG_RUNTIME_DIR ??= tmpdir(); // the Vulkan loader prints an error without it
  const instance = create([]);
  instances.push(instance);
  return instance.requestAdapter({ powerPreference: "high-performance", ...options });
}

/** @throws WebgpuRnnError when the package `webgpu` is missing or does not load */
export async function loadDawn(): Promise<typeof import("webgpu")> {
  try {
    return await import("webgpu");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const absent = code === "ERR_MODULE_NOT_FOUND";
    throw new WebgpuRnnError(
      absent
        ? "openDevice: Node has no WebGPU of its own. Install it: npm install webgpu"
        : `openDevice: the package webgpu does not load here: ${message}`,
    );
  }
}
