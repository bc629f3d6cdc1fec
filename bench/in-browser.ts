import { resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Browser } from "puppeteer";
import { createServer } from "vite";
import { launchBrowser } from "../test/browser.ts";
import { launchFirefox } from "../test/naga/firefox.ts";
import { read } from "./json.ts";
import type { Listener } from "./listener.ts";
import type { Measured, Measurement } from "./measurements.ts";
import type {} from "./page/main.ts";

export const BROWSERS = { chromium: launchBrowser, firefox: launchFirefox } as const;

/** Milliseconds between looks at whether a page is done. */
const LOOK = 1000;

/** Measures what is ours on a page. */
export async function measureInBrowser(
  name: keyof typeof BROWSERS,
  what: Measurement,
  small: boolean,
  { print, progress, sofar }: Listener<Measured>,
): Promise<Measured> {
  const server = await createServer({
    configFile: false,
    root: resolve("bench/page"),
    logLevel: "error",
    server: { port: 0, hmr: false, watch: null, fs: { allow: [resolve(".")] } },
    optimizeDeps: { noDiscovery: true },
  });
  await server.listen();
  let browser: Browser | undefined;
  try {
    browser = await BROWSERS[name]();
    const page = await browser.newPage();
    page.on("console", (message) => {
      if (message.type() === "log") print(message.text());
      if (message.type() === "info") progress(message.text());
    });
    await page.goto(server.resolvedUrls?.local[0] as string, { waitUntil: "load" });
    const versions = { browser: await browser.version() };
    const told = (text: string): Measured => ({ ...(read(text) as Measured), versions });
    await page.evaluate((chosen, few) => window.measure(chosen, few), what, small);
    for (;;) {
      await setTimeout(LOOK);
      const seen = await page.evaluate(() => window.look());
      if (seen.sofar) sofar(told(seen.sofar));
      if (!seen.outcome) continue;
      if ("error" in seen.outcome) throw new Error(seen.outcome.error);
      return told(seen.outcome.measured);
    }
  } finally {
    await browser?.close();
    await server.close();
  }
}
