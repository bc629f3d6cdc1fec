import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect } from "vitest";
import { type Checkpoint, readCheckpoint } from "../src/io/checkpoint.ts";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BUILT = join(ROOT, "dist/cli.js");

/** A run that takes a moment: five rows of eight characters a step, enough for the scan machine. */
export const TINY = ["--hidden", "8", "--batch", "5", "--time", "8", "--length", "10"];

/** What a process has come to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own to run the built command line in, removed after the tests of the file. */
export class Workplace {
  #folder = "";

  /** Holds `text.txt`, 1,760 characters, and what a run of six steps on it left: `six.safetensors`, `six.svg`, `six.jsonl`. */
  constructor() {
    beforeAll(async () => {
      this.#folder = mkdtempSync(join(tmpdir(), "webgpu-rnn-"));
      this.write("text.txt", "the quick brown fox jumps over the lazy dog\n".repeat(40));
      const out = ["--steps", "6", "--out", "six.safetensors", "--json"];
      this.write("six.jsonl", await this.succeed("train", "text.txt", ...TINY, ...out));
    });
    afterAll(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  at(name: string): string {
    return join(this.#folder, name);
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.at(name), content);
  }

  read(name: string): string {
    return readFileSync(this.at(name), "utf8");
  }

  checkpoint(name: string): Checkpoint {
    return readCheckpoint(readFileSync(this.at(name)));
  }

  start(words: readonly string[], script = BUILT): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn(process.execPath, [script, ...words], {
      cwd: this.#folder,
      env: { ...process.env, DEBUG: "" },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    return { child, ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr }))) };
  }

  /** What a command that must succeed prints. */
  async succeed(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.start(words).ended;
    expect(code, stderr).toBe(0);
    return stdout;
  }
}

/** The objects of `--json`, one a line and nothing else. */
export const events = (stdout: string) =>
  stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));

/** The losses of the steps among them. */
export const losses = (stdout: string): number[] =>
  events(stdout).flatMap(({ event, loss }) => (event === "step" ? [loss] : []));

/** The one line that an error is; what the search for an adapter says before it is left out. */
export function errorLine(stderr: string): string {
  const lines = stderr
    .trimEnd()
    .split("\n")
    .filter((line) => !line.includes("computes on the CPU"));
  expect(lines).toHaveLength(1);
  return lines[0] as string;
}
