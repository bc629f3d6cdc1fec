import { spawn } from "node:child_process";
import { once } from "node:events";
import { refuse } from "../src/errors.ts";
import { DENO } from "../test/naga/deno-version.ts";

export const RUNTIMES = ["node", "deno", "chromium", "firefox"] as const;
export type Runtime = (typeof RUNTIMES)[number];

/** @throws WebgpuRnnError naming the runtime that is unknown */
export function runtimeOf(word: string): Runtime {
  const runtime = RUNTIMES.find((each) => each === word);
  if (runtime) return runtime;
  throw refuse({ what: "--runtime", expected: `some of ${RUNTIMES.join(", ")}`, got: word || "an empty name" });
}

/**
 * Starts this program once more in Deno, by npm. It tells and keeps what it measures.
 * @throws when it fails
 */
export async function runInDeno(words: readonly string[]): Promise<void> {
  const script = process.argv[1] as string;
  const command = ["--yes", DENO, "run", "--allow-all", "--unstable-webgpu", script, ...words];
  const started = spawn("npx", command, { stdio: "inherit", shell: process.platform === "win32" });
  const [code] = await once(started, "exit");
  if (code !== 0) throw new Error(`it ended with exit code ${code}; it says why above`);
}
