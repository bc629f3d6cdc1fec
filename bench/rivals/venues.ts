import type { Browser } from "puppeteer";
import { DENO } from "../../test/naga/deno-version.ts";
import { BROWSERS } from "../in-browser.ts";
import type { Runtime } from "../runtimes.ts";
import type { Rival } from "./names.ts";
import { adapterName, PageSeat, serveRivals } from "./pages.ts";
import { BenchProcess, bundleProcess, ProcessSeat } from "./processes.ts";
import type { Seat } from "./seat.ts";

/** Where all contestants of a run compute. */
export interface Venue {
  /** Name of the adapter that all are given. */
  readonly adapter: string;
  readonly versions: Readonly<Record<string, string>>;
  seat(rival: Rival): Seat;
  close(): Promise<void>;
}

/** A run that takes longer has failed. */
const TIMEOUT_MS = 600_000;

/** @throws when the runtime does not start or has no adapter */
export const openVenue = (runtime: Runtime): Promise<Venue> =>
  runtime === "node" || runtime === "deno" ? openProcesses(runtime) : openBrowser(runtime);

async function openBrowser(runtime: "chromium" | "firefox"): Promise<Venue> {
  const server = await serveRivals();
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server.close();
  };
  try {
    const running = await BROWSERS[runtime]({ protocolTimeout: TIMEOUT_MS });
    browser = running;
    return {
      adapter: await adapterName(running, server.url),
      versions: { browser: await running.version() },
      seat: (rival) => new PageSeat(running, server.url, rival),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openProcesses(runtime: "node" | "deno"): Promise<Venue> {
  await bundleProcess();
  const first = new BenchProcess(runtime);
  try {
    return {
      adapter: await first.call("adapter"),
      versions: runtime === "deno" ? { deno: DENO } : {},
      seat: (rival) => new ProcessSeat(runtime, rival),
      close: async () => undefined,
    };
  } finally {
    first.end();
  }
}
