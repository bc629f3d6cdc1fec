import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compare } from "./compare.ts";
import { type Environment, environment } from "./environment.ts";
import { measureOwn } from "./own.ts";
import { htmlReport } from "./rivals/html.ts";

/** Where each run leaves a file; npm runs its scripts in the folder of package.json. */
const RESULTS = "bench/results";

const USAGE = `npm run bench                                        kernels, training and sampling on this adapter
npm run bench -- kernels                              every kernel over a few sizes
npm run bench -- steps                                training, inference and sampling over a grid of sizes
npm run bench -- growth                               what ten times the T, B or H² costs
npm run bench -- rivals [--small] [--only name,name]  beside other libraries, in a browser
npm run bench -- learning [task…] [--text FILE]       what is learned of the tasks, beside PyTorch
npm run bench -- compare before.json after.json       two files of ${RESULTS}`;

/** Of the beginning: a long run may outlast a commit. */
const environs = environment();
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { small: { type: "boolean", default: false }, only: { type: "string" }, text: { type: "string" } },
});
const [command = "own", ...files] = positionals;

if (command === "own") {
  const { runBench } = await import("./run.ts");
  keep("", await measureOwn((gpu, counter) => runBench(gpu, counter, console.log)));
} else if (command === "kernels") {
  const { benchSweep } = await import("./sweep.ts");
  keep("kernels-", await measureOwn((gpu) => benchSweep(gpu, console.log)));
} else if (command === "steps") {
  const { benchSteps } = await import("./steps.ts");
  keep("steps-", await measureOwn((gpu, counter) => benchSteps(gpu, counter, console.log)));
} else if (command === "growth") {
  const { benchGrowth } = await import("./growth.ts");
  keep("growth-", await measureOwn((gpu, counter) => benchGrowth(gpu, counter, console.log)));
} else if (command === "rivals") {
  const { runRivals } = await import("./rivals/run.ts");
  const only = values.only?.split(",");
  keep("rivals-", await runRivals({ small: values.small, ...(only ? { only } : {}) }, console.log), htmlReport);
} else if (command === "learning") {
  const { measureLearning } = await import("./learning/run.ts");
  keep("learning-", await measureLearning({ tasks: files, text: values.text }, console.log));
} else if (command === "compare" && files.length === 2) {
  const [before, after] = files.map((file) => JSON.parse(readFileSync(file, "utf8")));
  console.log(compare(before, after));
} else {
  console.error(USAGE);
  process.exitCode = 1;
}

/** Writes a result beside what it cannot be compared without, and a page of it where there is one. */
function keep<Result extends { readonly failures: readonly string[] }>(
  prefix: string,
  measured: Result,
  page?: (result: Environment & Result) => string,
): void {
  const result = { ...environs, ...measured };
  const file = `${RESULTS}/${prefix}${result.date.replaceAll(/[:.]/g, "-")}`;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
  const html = page?.(result);
  if (html) writeFileSync(`${file}.html`, html);
  console.log(`\nwritten to ${file}.json${html ? " and .html" : ""}`);
  for (const failure of result.failures) console.error(`FAILED: ${failure}`);
  if (result.failures.length > 0) process.exitCode = 1;
}
