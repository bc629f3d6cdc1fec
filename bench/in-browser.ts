import { resolve } from "node:path";
import type { Browser } from "puppeteer";
import { createServer } from "vite";
import { launchBrowser } from "../test/browser.ts";
import { launchFirefox } from "../test/naga/firefox.ts";
import { read } from "./json.ts";
import type { Measured, Measurement } from "./measurements.ts";
import type {} from "./page/main.ts";

export const BROWSERS = { chromium: launchBrowser, firefox: launchFirefox } as const;

/** Milliseconds between looks at whether a page is done. */
const LOOK = 1000;

/** Measures what is ours on a page. */
export async function measureInBrowser(
  name: keyof typeof BROWSERS,
  what: Measurement,
  print: (text: string) => void,
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
    page.on("console", (message) => message.type() === "log" && print(message.text()));
    await page.goto(server.resolvedUrls?.local[0] as string, { waitUntil: "load" });
    await page.evaluate((chosen) => window.measure(chosen), what);
    await page.waitForFunction(() => window.outcome !== undefined, { timeout: 0, polling: LOOK });
    const outcome = await page.evaluate(() => window.outcome as NonNullable<Window["outcome"]>);
    if ("error" in outcome) throw new Error(outcome.error);
    return { ...(read(outcome.measured) as Measured), versions: { browser: await browser.version() } };
  } finally {
    await browser?.close();
    await server.close();
  }
}
