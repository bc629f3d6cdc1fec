import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { type AdapterKind, findAdapter, searchAdapter } from "./adapter.ts";

/** Long enough to load about 170 MB; without internet the download fails at once, or hangs until then. */
const DOWNLOAD_MS = 120_000;

/**
 * As `findAdapter`; where there is none it installs a browser for its software adapter. For programs that own the
 * machine they run on: the command line and the tests.
 */
export async function provideAdapter(kind?: AdapterKind): Promise<GPUAdapter> {
  if (kind === "hardware" || process.platform !== "linux") return findAdapter(kind);
  return (await installUntil(() => searchAdapter(kind))) ?? findAdapter(kind);
}

/** Tries, and tries again after each way of installing a browser. @returns null when all was in vain */
export async function installUntil<Found>(attempt: () => Promise<Found | null>): Promise<Found | null> {
  for (const install of [() => {}, downloadChrome, installChromium]) {
    install();
    const found = await attempt();
    if (found) return found;
  }
  return null;
}

/** By puppeteer's own command, where puppeteer is installed. */
function downloadChrome(): void {
  const commandLine = puppeteerCommand();
  if (!commandLine) return;
  say("downloading Chrome by puppeteer");
  run(process.execPath, [commandLine, "browsers", "install", "chrome"], DOWNLOAD_MS);
}

function puppeteerCommand(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("puppeteer/lib/cjs/puppeteer/node/cli.js");
  } catch {
    return undefined;
  }
}

/** As Debian's package, where this process may. */
function installChromium(): void {
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version")) return;
  say("installing Debian's package chromium");
  run("apt-get", ["update"]);
  run("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"]);
}

const say = (what: string): void => console.warn(`webgpu-rnn: no usable browser for its software adapter; ${what}.`);

/** A failure is told, not thrown: the next way may succeed. Standard output stays the caller's. */
function run(command: string, args: string[], timeout?: number): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const result = spawnSync(command, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout });
  if (result.status === 0) return;
  const reason = result.error?.message ?? errorOf(result.stderr) ?? `exit code ${result.status}`;
  console.warn(`webgpu-rnn: that failed: ${reason}`);
}

/** The line in which a command tells of an error, and the next one where it ends in a colon. */
const errorOf = (told: string): string | undefined =>
  told.match(/.*\berror\b.*(?:(?<=:)\n.*)?/i)?.[0].replace(/:\n[\s-]*/, ": ");
