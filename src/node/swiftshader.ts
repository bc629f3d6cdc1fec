import { existsSync, realpathSync } from "node:fs";
import { constants } from "node:os";
import { basename, dirname, join } from "node:path";
import { findBrowsers } from "./browsers.ts";
import { requestAdapter } from "./dawn.ts";

const DRIVER = "vk_swiftshader_icd.json";
const LOADER = "libvulkan.so.1";

/** Keeps a library for the life of the process; Node's constants lack it. From glibc's `dlfcn.h`. */
const RTLD_NODELETE = 0x1000;

/**
 * Asks Dawn for SwiftShader, the Vulkan driver on the CPU that Chromium ships beside its executable (Linux).
 * @returns null where no browser with it is found
 */
export async function requestSwiftShader(): Promise<GPUAdapter | null> {
  const directory = (await findBrowsers()).flatMap(librariesOf).find((path) => existsSync(join(path, DRIVER)));
  if (directory === undefined) return null;
  loadVulkan(join(directory, LOADER));
  process.env.VK_ICD_FILENAMES = join(directory, DRIVER);
  return requestAdapter();
}

/** Debian and Ubuntu start the browser by a script elsewhere, so the directory of the executable is not always it. */
function librariesOf(executable: string): string[] {
  return [
    dirname(realpathSync(executable)),
    `/usr/lib/${basename(executable)}`,
    "/snap/chromium/current/usr/lib/chromium-browser",
  ];
}

/**
 * Loads the browser's own Vulkan loader, which Dawn then finds by its name even where the system has none.
 * Node takes it for an addon and throws after loading it, because it registers no module.
 */
function loadVulkan(path: string): void {
  if (!existsSync(path)) return;
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    if (!(error as Error).message.includes("did not self-register")) throw error;
  }
}
