import type { Browser, Page } from "puppeteer";
import type { ViteDevServer } from "vite";
import { afterAll, beforeAll, test } from "vitest";
import { servePage } from "./browser.ts";
import { cases } from "./gpu/all.ts";
import type {} from "./page/main.ts";

/** Makes each GPU case a test that runs on a page of the browser. */
export function testInBrowser(launch: () => Promise<Browser>): void {
  let server: ViteDevServer & { url: string };
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    server = await servePage("page");
    browser = await launch();
    page = await browser.newPage();
    await page.goto(server.url);
    const adapter = await page.evaluate(() => window.suite.open());
    console.log(`${await browser.version()}: ${adapter.name}${adapter.software ? " (software)" : ""}`);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const { name } of cases) test(name, () => page.evaluate((chosen) => window.suite.run(chosen), name));
}
