import puppeteer, { type Browser, type LaunchOptions } from "puppeteer";
import { onPath } from "../../src/node/browsers.ts";

/** The first is off in releases for Linux; without the second no software adapter is offered. */
const PREFERENCES = { "dom.webgpu.enabled": true, "gfx.webgpu.ignore-blocklist": true };

/** Starts the Firefox that `FIREFOX_PATH` names, else one on the `PATH`, else puppeteer's download. */
export async function launchFirefox(options: LaunchOptions = {}): Promise<Browser> {
  const executablePath = process.env.FIREFOX_PATH ?? onPath(["firefox", "firefox-esr"])[0];
  const path = executablePath === undefined ? {} : { executablePath };
  try {
    return await puppeteer.launch({ ...options, browser: "firefox", extraPrefsFirefox: PREFERENCES, ...path });
  } catch (error) {
    const cure =
      "Install Firefox 141 or later (npx puppeteer browsers install firefox; Debian: apt-get install firefox-esr), " +
      "or set FIREFOX_PATH to one that starts.";
    throw new Error(`no Firefox starts. ${cure}\n${(error as Error).message}`, { cause: error });
  }
}
