import { mkdirSync, writeFileSync } from "node:fs";
import { globals } from "webgpu";
import { openDevice } from "../src/gpu/device.ts";
import { provideAdapter } from "../src/node/install.ts";
import { CallCounter } from "./count-calls.ts";
import { environment } from "./environment.ts";
import { runLearning } from "./learning/run.ts";
import { runBench } from "./run.ts";

/** Where each run leaves a file; npm runs its scripts in the folder of package.json. */
const RESULTS = "bench/results";

const [, , what, ...words] = process.argv;
const counter = new CallCounter(globals);
const gpu = await openDevice({ adapter: await provideAdapter() });
const { date, ...environs } = environment();
const result =
  what === "learning" ? await runLearning(gpu, words, console.log) : await runBench(gpu, counter, console.log);
gpu.dispose();

const file = `${RESULTS}/${date.replaceAll(/[:.]/g, "-")}.json`;
mkdirSync(RESULTS, { recursive: true });
writeFileSync(file, `${JSON.stringify({ date, ...environs, ...result }, null, 2)}\n`);
console.log(`\nwritten to ${file}`);
for (const failure of result.failures) console.error(`FAILED: ${failure}`);
if (result.failures.length > 0) process.exitCode = 1;
