import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { Line } from "./deno-main.ts";
import { DENO } from "./deno-version.ts";

export interface Deno {
  readonly version: string;
  readonly adapter: string;
  /** Runs a case; throws what it threw. */
  run(name: string): Promise<void>;
  end(): Promise<void>;
}

/** Bundles the GPU cases and starts them in Deno, by npm. Needs a driver for Vulkan, be it Mesa's llvmpipe. */
export async function startDeno(): Promise<Deno> {
  const folder = await bundle();
  const command = ["--yes", DENO, "run", "--unstable-webgpu", "--no-prompt", join(folder, "deno-main.js")];
  const { stdin, stdout } = spawn("npx", command, { stdio: ["pipe", "pipe", "inherit"] });
  stdin.on("error", () => {}); // that it ended is told where its answer is missing
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();

  async function read(): Promise<Line> {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value);
    throw new Error(
      `${DENO} has ended; it says why above. Debian's software adapter: apt-get install mesa-vulkan-drivers.`,
    );
  }

  const first = await read();
  return {
    version: DENO,
    adapter: "adapter" in first ? first.adapter : "",
    async run(name) {
      stdin.write(`${name}\n`);
      let answer = await read();
      while (!("name" in answer && answer.name === name)) answer = await read(); // late ones of cases that took too long
      if (answer.error !== null) throw new Error(answer.error);
    },
    async end() {
      stdin.end();
      await rm(folder, { recursive: true });
    },
  };
}

/** @returns a folder of its own with `deno-main.js` */
async function bundle(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "webgpu-rnn-deno-"));
  await build({
    configFile: false,
    root: fileURLToPath(new URL("../..", import.meta.url)),
    publicDir: false,
    logLevel: "warn",
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL("deno-main.ts", import.meta.url)),
      target: "es2022",
      outDir,
      emptyOutDir: false,
    },
  });
  return outDir;
}
