import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, ElementHandle, Page } from "puppeteer";
import { build, createLogger, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { History } from "../demo/history.ts";
import { launchBrowser } from "./browser.ts";

/** A model so small that a software adapter plays dozens of steps a second. */
const TINY = "#text=handbook&hidden=16&rate=0.01&temperature=0.7&prompt=The+";

/**
 * Measured on two cores without a GPU: 17 ms when they have nothing else to do, up to 350 ms with ten other processes on them.
 * A page that waits for the GPU where it should not stands still for seconds.
 */
const LONGEST_FRAME_MS = 1000;

const configFile = fileURLToPath(new URL("../demo/vite.config.ts", import.meta.url));

let folder: string;
let downloads: string;
let server: PreviewServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const warnings: string[] = [];
/** What the pages complained of, and what they asked other hosts for. */
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "webgpu-rnn-demo-"));
  downloads = join(folder, "downloads");
  const outDir = join(folder, "page");
  const logger = createLogger("warn");
  for (const level of ["warn", "warnOnce", "error"] as const) logger[level] = (message) => warnings.push(message);
  await build({ configFile, customLogger: logger, logLevel: "warn", build: { outDir, emptyOutDir: true } });
  server = await preview({ configFile, logLevel: "warn", build: { outDir }, preview: { port: 0 } });
  browser = await launchBrowser();
  context = await browser.createBrowserContext({ downloadBehavior: { policy: "allow", downloadPath: downloads } });
  page = await open(TINY);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const address = (): string => server.resolvedUrls?.local[0] as string;

/** @param prepare runs in the page before its own scripts */
async function open(hash: string, prepare: () => void = () => {}): Promise<Page> {
  const opened = await context.newPage();
  opened.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) complaints.push(message.text());
  });
  opened.on("pageerror", (error) => complaints.push(String(error)));
  opened.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(address())) complaints.push(request.url());
  });
  await opened.evaluateOnNewDocument(prepare);
  await opened.goto(`${address()}${hash}`);
  return opened;
}

const text = (selector: string, on = page): Promise<string> =>
  on.$eval(selector, ({ textContent }) => textContent ?? "");

const number = async (selector: string): Promise<number> => Number((await text(selector)).replaceAll(",", ""));

/** Waits until an element says what is expected of it. */
async function says(selector: string, pattern: RegExp, on = page): Promise<void> {
  await on.waitForFunction(
    (place, source) => new RegExp(source).test(document.querySelector(place)?.textContent ?? ""),
    {},
    selector,
    pattern.source,
  );
}

async function press(selector: string): Promise<void> {
  await page.waitForSelector(`${selector}:enabled`);
  await page.click(selector);
}

test("the page is built without a warning", () => expect(warnings).toEqual([]));

test("it trains: the loss falls, text comes, the page stays alive", async () => {
  await says("#adapter", /Running on/);
  await press("#train");
  await says("#held-out", /\d/);
  const untrained = await number("#held-out");
  const gaps = page.evaluate(async () => {
    const times: number[] = [];
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const steps = (): number => Number(document.querySelector("#steps")?.textContent?.replaceAll(",", ""));
    while (!(steps() >= 60)) times.push(await frame());
    return times.slice(1).map((time, i) => time - (times[i] as number));
  });
  const longest = Math.max(...(await gaps));
  console.log(
    `longest time between two frames while training: ${longest.toFixed(0)} ms of ${(await gaps).length} frames`,
  );
  expect(longest).toBeLessThan(LONGEST_FRAME_MS);
  // A model that knows nothing costs ln 72 = 4.28 nats; letter frequencies alone bring it to about 3.
  expect(untrained).toBeGreaterThan(4);
  expect(await number("#loss")).toBeLessThan(untrained - 0.5);
  await page.waitForFunction(() => (document.querySelector("#samples p")?.textContent ?? "").length > 100);
  expect(await text("#samples p")).toMatch(/^The /);
});

test("pause holds it, going on does not begin anew", async () => {
  await press("#train");
  await says("#status", /Paused at step/);
  const steps = await number("#steps");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await number("#steps")).toBe(steps);
  await press("#train");
  await page.waitForFunction(
    (before) => Number(document.querySelector("#steps")?.textContent?.replaceAll(",", "")) > before,
    {},
    steps,
  );
});

test("another learning rate is taken up while it trains", async () => {
  const before = await number("#steps");
  await page.focus("#rate");
  await page.keyboard.press("ArrowLeft");
  await says("output[for=rate]", /0\.005/);
  await page.waitForFunction(
    (steps) => Number(document.querySelector("#steps")?.textContent?.replaceAll(",", "")) > steps + 5,
    {},
    before,
  );
  expect(new URL(page.url()).hash).toContain("rate=0.005");
});

test("a saved model goes on where it stopped", async () => {
  await press("#train");
  await says("#status", /Paused at step/);
  const paused = await text("#status");
  await press("#save");
  await expect.poll(() => readdir(downloads).catch(() => [])).toContainEqual(expect.stringMatching(/\.safetensors$/));
  const [name] = await readdir(downloads);
  await press("#restart");
  await says("#status", /Training/);
  const input = (await page.$("#file")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(join(downloads, name as string));
  await says("#status", /Paused at step/);
  expect(await text("#status")).toBe(paused);
  await says("#samples p", /^The [\s\S]{100}/);
});

test("a prompt that the model cannot read is refused by name", async () => {
  await page.$eval("#prompt", (prompt) => {
    (prompt as HTMLInputElement).value = "☃";
  });
  await press("#write");
  await says("#prompt-problem", /☃/);
});

test("it fits 360 pixels, and every control has a name", async () => {
  await page.setViewport({ width: 360, height: 740 });
  await page.waitForFunction(() => document.documentElement.scrollWidth === 360); // the chart follows a frame or two later
  const nameless = await page.$$eval("input, select, textarea, button", (controls) =>
    controls.filter((control) => {
      const { labels } = control as HTMLInputElement;
      return !labels?.length && !control.getAttribute("aria-label") && !control.textContent?.trim();
    }),
  );
  expect(nameless).toEqual([]);
});

test("a browser without WebGPU is told what to do", async () => {
  const poor = await open("", () => Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined }));
  await says("#problem", /This browser has no WebGPU\. Open the page in Chrome/, poor);
  expect(await poor.$eval("#train", (button) => (button as HTMLButtonElement).disabled)).toBe(true);
  await poor.close();
});

test("a text too short is refused with what it takes", async () => {
  const opened = await open("#text=own");
  await opened.type("#text", "Too short.");
  await opened.waitForSelector("#train:enabled");
  await opened.click("#train");
  await says("#problem", /10 characters; to learn from it takes at least 650/, opened);
  await opened.close();
});

test("the history of a long run stays bounded and true", () => {
  const history = new History();
  for (let step = 1; step <= 10_000; step++) history.add({ step, loss: step });
  expect(history.losses.length).toBeLessThan(1024);
  const width = 16;
  expect(history.losses[0]).toEqual({ step: width, loss: (1 + width) / 2 });
});

test("nothing was complained of, no other host was asked", () => expect(complaints).toEqual([]));
