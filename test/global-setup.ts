import { provideAdapter } from "../src/node/install.ts";
import { launchBrowser } from "./browser.ts";

/** Before any file runs: an adapter for Node and a browser that starts, installed where this machine lacks them. */
export async function setup(): Promise<void> {
  await provideAdapter();
  await (await launchBrowser()).close();
}
