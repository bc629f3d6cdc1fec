import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { Done, Seat } from "./seat.ts";
import { givenFor, TRAINING, type Workload } from "./workloads.ts";

const SCRIPT = "bench/rivals/pytorch.py";

/** PyTorch on the CPU, in a process of its own, with as many threads as it takes by itself, or `OMP_NUM_THREADS` says. */
export class PytorchSeat implements Seat {
  readonly #python: string;
  readonly #dtype: string;
  #process: ChildProcessWithoutNullStreams | undefined;
  #lines: AsyncIterator<string> | undefined;
  #errors = "";

  constructor(python: string, dtype: "float32" | "float64") {
    this.#python = python;
    this.#dtype = dtype;
  }

  async prepare(workload: Workload): Promise<number> {
    const started = spawn(this.#python, [SCRIPT]);
    this.#process = started;
    started.stderr.on("data", (text) => {
      this.#errors += text;
    });
    started.stdin.on("error", () => undefined); // told when its answer is awaited
    const lines: Interface = createInterface(started.stdout);
    this.#lines = lines[Symbol.asyncIterator]();
    const { weights, inputs, targets } = givenFor(workload);
    const named = [...weights].map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]);
    const given = { weights: Object.fromEntries(named), inputs: Array.from(inputs), targets: Array.from(targets) };
    const answer = await this.#ask({ workload, given, training: TRAINING, dtype: this.#dtype });
    return (answer as { milliseconds: number }).milliseconds;
  }

  async run(): Promise<Done> {
    return (await this.#ask("run")) as Done;
  }

  async close(): Promise<void> {
    this.#process?.kill();
  }

  async #ask(what: unknown): Promise<unknown> {
    this.#process?.stdin.write(`${JSON.stringify(what)}\n`);
    const answer = await this.#lines?.next();
    if (!answer || answer.done) throw new Error(this.#errors.trim().split("\n").at(-1) || "the process ended");
    return JSON.parse(answer.value);
  }
}
