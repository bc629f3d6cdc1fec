import { fileURLToPath } from "node:url";
import puppeteer, { type Browser, type LaunchOptions } from "puppeteer";
import { createServer, type ViteDevServer } from "vite";
import { findBrowsers } from "../src/node/browsers.ts";
import { installUntil } from "../src/node/install.ts";

/**
 * WebGPU on Linux needs the first two beyond Intel's GPUs, the third on older drivers. Chromium offers a real GPU where
 * there is one, else its software adapter. As root it refuses to start inside its sandbox.
 */
const ARGUMENTS = [
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--ignore-gpu-blocklist",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** Starts the first browser that starts; installs one where none does. */
export async function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  const failures: string[] = [];
  const browser = await installUntil(async () => {
    for (const executablePath of await findBrowsers()) {
      try {
        return await puppeteer.launch({ ...options, executablePath, args: ARGUMENTS });
      } catch (error) {
        failures.push(`${executablePath}: ${(error as Error).message}`);
      }
    }
    return null;
  });
  if (browser) return browser;
  const cure = "Install Chromium (Debian: apt-get install chromium), or set CHROME_PATH to one that starts.";
  throw new Error(["no browser starts.", cure, ...failures].join("\n"));
}

/** Serves a page of the project by vite, TypeScript and shaders included, under a free port of this machine. */
export async function servePage(folder: string): Promise<ViteDevServer & { url: string }> {
  const server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL(folder, import.meta.url)),
    logLevel: "warn",
    server: { port: 0, hmr: false, watch: null, fs: { allow: [fileURLToPath(new URL("..", import.meta.url))] } },
    optimizeDeps: { noDiscovery: true },
  });
  await server.listen();
  return Object.assign(server, { url: server.resolvedUrls?.local[0] as string });
}
