import { type DeviceOptions, type Gpu, openWith } from "../gpu/device.ts";
import { findAdapter } from "./adapter.ts";
import { folderCache } from "./cache.ts";

export { type AdapterKind, findAdapter } from "./adapter.ts";
export { resumeCheckpoint, saveCheckpoint } from "./checkpoint.ts";

/**
 * Opens a device in Node, by the package `webgpu`: on a real GPU, else on a software adapter, and says so on standard error.
 * @param options as in the browser; without any, the adapter that `findAdapter` finds
 * @throws WebgpuRnnError when the package or an adapter is missing, and says what to install; or an option is none of those
 *   that there are
 */
export const openDevice = (options: DeviceOptions = {}): Promise<Gpu> => openWith(folderCache, options, findAdapter);
