import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "vite";
import { DENO } from "../../test/naga/deno-version.ts";
import type { Bench } from "./bench.ts";
import { FOLDER, missingPackages } from "./install.ts";
import { RIVALS, type Rival } from "./names.ts";
import type { Answer, Call } from "./process/main.ts";
import type { Done, Seat } from "./seat.ts";
import type { Workload } from "./workloads.ts";

const BUILT = join(FOLDER, "dist");
const PACKAGES = RIVALS.flatMap(({ packages }) => packages);

/** Bundles what a process runs, the rivals' packages included, beside them. */
export async function bundleProcess(): Promise<void> {
  await build({
    configFile: false,
    root: resolve("."),
    publicDir: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: resolve(FOLDER, "process/main.ts"),
      target: "es2022",
      outDir: resolve(BUILT),
      emptyOutDir: true,
      reportCompressedSize: false,
      // The first find files beside them; what is not installed is missed by the library that imports it, when it is asked for.
      rolldownOptions: { external: ["webgpu", "puppeteer", /^onnxruntime-web/, ...missingPackages(PACKAGES)] },
    },
  });
}

/** How each runtime is started. */
const PROCESSES = {
  node: ["node"],
  deno: ["npx", "--yes", DENO, "run", "--allow-all", "--unstable-webgpu"],
} as const;
type ProcessRuntime = keyof typeof PROCESSES;

/** A bench in a process of its own. */
export class BenchProcess {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = "";

  constructor(runtime: ProcessRuntime) {
    const [program, ...args] = [...PROCESSES[runtime], join(BUILT, "main.js")] as [string, ...string[]];
    const started = spawn(program, args, { stdio: "pipe" });
    started.stdin.on("error", () => undefined); // told when an answer is awaited
    started.stderr.on("data", (text) => {
      this.#errors = `${this.#errors}${text}`.slice(-2000);
    });
    this.#process = started;
    this.#lines = createInterface(started.stdout)[Symbol.asyncIterator]();
  }

  async call<Name extends keyof Bench>(
    name: Name,
    ...args: Parameters<Bench[Name]>
  ): Promise<Awaited<ReturnType<Bench[Name]>>> {
    this.#process.stdin?.write(`${JSON.stringify({ name, args } satisfies Call)}\n`);
    const line = await this.#lines.next();
    if (line.done) throw new Error(this.#errors.trim().split("\n").at(-1) || "the process ended");
    const answer = JSON.parse(line.value) as Answer;
    if ("error" in answer) throw new Error(answer.error);
    return answer.result as Awaited<ReturnType<Bench[Name]>>;
  }

  /** Ends it as its input ends, and by force where it is at work. */
  end(): void {
    this.#process.stdin?.end();
    this.#process.kill();
  }
}

/** One rival in a process of its own. */
export class ProcessSeat implements Seat {
  readonly #runtime: ProcessRuntime;
  readonly #rival: Rival;
  #process: BenchProcess | undefined;

  constructor(runtime: ProcessRuntime, rival: Rival) {
    this.#runtime = runtime;
    this.#rival = rival;
  }

  prepare(workload: Workload): Promise<number> {
    this.#process = new BenchProcess(this.#runtime);
    const { library = "", backend } = this.#rival;
    return this.#process.call("prepare", library, backend, workload);
  }

  run(): Promise<Done> {
    return (this.#process as BenchProcess).call("run");
  }

  async close(): Promise<void> {
    this.#process?.end();
    this.#process = undefined;
  }
}
