import { createInterface } from "node:readline";
import { CallCounter } from "../../count-calls.ts";
import { webgpuHere } from "../../own.ts";
import { type Bench, createBench } from "../bench.ts";

/** A line of JSON in: what is called. A line out: what it gave. */
export interface Call {
  readonly name: keyof Bench;
  readonly args: readonly unknown[];
}
export type Answer = { readonly result: unknown } | { readonly error: string };

console.log = console.error; // what libraries print must not come between the answers

const [classes, adapter] = await webgpuHere();
if (adapter) {
  Object.assign(globalThis, classes);
  const { provideAdapter } = await import("../../../src/node/install.ts");
  const gpu = { requestAdapter: () => provideAdapter(), wgslLanguageFeatures: new Set() };
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "" }, configurable: true });
}
const bench = createBench(new CallCounter(classes));

for await (const line of createInterface({ input: process.stdin })) {
  const { name, args } = JSON.parse(line) as Call;
  const call = bench[name] as (...given: readonly unknown[]) => Promise<unknown>;
  const answer: Answer = await call(...args).then(
    (result) => ({ result }),
    (error) => ({ error: String(error?.message ?? error) }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit();
