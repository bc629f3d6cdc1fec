import { resolve } from "node:path";
import type { Browser, Page } from "puppeteer";
import { createServer, type ViteDevServer } from "vite";
import { FOLDER, versionOf } from "./install.ts";
import type { Rival } from "./names.ts";
import type {} from "./page/main.ts";
import type { Done, Seat } from "./seat.ts";
import type { Workload } from "./workloads.ts";

/** Packages that come as CommonJS or in hundreds of files; the others find their WebAssembly beside them. */
const BUNDLED = ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm", "@tensorflow/tfjs-backend-webgpu"];

/** The headers without which WebAssembly has one thread. */
const ISOLATED = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** Serves the page that a library computes on. */
export async function serveRivals(): Promise<ViteDevServer & { url: string }> {
  const server = await createServer({
    configFile: false,
    root: resolve(FOLDER),
    logLevel: "error",
    server: { port: 0, hmr: false, watch: null, headers: ISOLATED, fs: { allow: [resolve(".")] } },
    optimizeDeps: { noDiscovery: true, include: BUNDLED.filter(versionOf) },
  });
  await server.listen();
  return Object.assign(server, { url: `${server.resolvedUrls?.local[0]}page/` });
}

/** The adapter that the browser gives to all of its pages. */
export async function adapterName(browser: Browser, url: string): Promise<string> {
  const page = await openPage(browser, url);
  try {
    return await page.evaluate(() => window.bench.adapter());
  } finally {
    await page.close();
  }
}

/** One rival on a page of its own, so that what one does to its page is no other's trouble. */
export class PageSeat implements Seat {
  readonly #browser: Browser;
  readonly #url: string;
  readonly #rival: Rival;
  #page: Page | undefined;

  constructor(browser: Browser, url: string, rival: Rival) {
    this.#browser = browser;
    this.#url = url;
    this.#rival = rival;
  }

  async prepare(workload: Workload): Promise<number> {
    this.#page = await openPage(this.#browser, this.#url);
    const { library = "", backend } = this.#rival;
    const prepare = (name: string, on: string, work: Workload) => window.bench.prepare(name, on, work);
    return this.#page.evaluate(prepare, library, backend, workload);
  }

  async run(): Promise<Done> {
    const page = this.#page as Page;
    await page.bringToFront(); // Firefox slows the timers of pages that lie behind another
    return page.evaluate(() => window.bench.run());
  }

  async close(): Promise<void> {
    await this.#page?.close();
    this.#page = undefined;
  }
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(url, { waitUntil: "load" });
  return page;
}
