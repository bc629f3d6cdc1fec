import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compare, type Result, readResult } from "./compare.ts";
import { type Environment, environment } from "./environment.ts";
import { MEASUREMENTS, type Measurement } from "./measurements.ts";
import { measureOwn, onOwnDevice } from "./own.ts";
import { htmlReport } from "./rivals/html.ts";
import { rivalsOf } from "./rivals/names.ts";
import { type Runtime, runInDeno, runtimesOf } from "./runtimes.ts";

/** Where each run leaves a file; npm runs its scripts in the folder of package.json. */
const RESULTS = "bench/results";

const USAGE = `npm run bench                                        kernels, training and sampling on this adapter
npm run bench -- kernels                              every kernel over a few sizes
npm run bench -- steps                                training, inference and sampling over a grid of sizes
npm run bench -- growth                               what ten times the T, B or H² costs
npm run bench -- rivals [--small] [--only name,name]  beside other libraries
npm run bench -- cudnn                                recurrent layers alone, beside cuDNN where Python has it
npm run bench -- learning [task…] [--text FILE]       what is learned of the tasks, beside PyTorch
npm run bench -- compare before.json after.json       two files of ${RESULTS}, of the first three or rivals

--runtime node,deno,chromium,firefox  where the first four and rivals run, one after the other; by default node, of rivals chromium`;

/** Of the beginning: a long run may outlast a commit. */
const environs = environment();

try {
  await run(given());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** What the command line says. */
function given() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        small: { type: "boolean", default: false },
        only: { type: "string" },
        text: { type: "string" },
        runtime: { type: "string" },
      },
    });
  } catch (error) {
    // Behind the first sentence Node advises what helps with none of these commands.
    throw new Error(`${(error as Error).message.split(". ")[0]}\n\n${USAGE}`);
  }
}

async function run({ positionals, values }: ReturnType<typeof given>): Promise<void> {
  const [command = "own", ...files] = positionals;
  if (Object.hasOwn(MEASUREMENTS, command)) {
    for (const runtime of runtimesOf(values.runtime ?? "node")) {
      await going(runtime, () => measureIn(runtime, command as Measurement));
    }
  } else if (command === "rivals") {
    const { runRivals } = await import("./rivals/run.ts");
    const only = values.only === undefined ? undefined : rivalsOf(values.only);
    for (const runtime of runtimesOf(values.runtime ?? "chromium")) {
      const options = { small: values.small, runtime, ...(only ? { only } : {}) };
      await going(runtime, async () => keep(`rivals-${runtime}-`, await runRivals(options, console.log), htmlReport));
    }
  } else if (command === "cudnn") {
    const { benchCudnn } = await import("./cudnn.ts");
    keep("cudnn-", await onOwnDevice((gpu) => benchCudnn(gpu, console.log)));
  } else if (command === "learning") {
    const { measureLearning } = await import("./learning/run.ts");
    keep("learning-", await measureLearning({ tasks: files, text: values.text }, console.log));
  } else if (command === "compare" && files.length === 2) {
    const [before, after] = files.map((file) => readResult(file, readFileSync(file, "utf8")));
    console.log(compare(before as Result, after as Result));
  } else {
    console.error(USAGE);
    process.exitCode = 1;
  }
}

async function measureIn(runtime: Runtime, what: Measurement): Promise<void> {
  const prefix = what === "own" ? "" : `${what}-`;
  const here = "deno" in process.versions ? "deno" : "node";
  if (runtime === "deno" && here === "node") await runInDeno([what, "--runtime", "deno"]);
  else if (runtime === here) keep(`${prefix}${runtime}-`, await measureOwn(what, console.log));
  else {
    const { measureInBrowser } = await import("./in-browser.ts");
    keep(`${prefix}${runtime}-`, await measureInBrowser(runtime as "chromium" | "firefox", what, console.log));
  }
}

/** Says what keeps a runtime from running, and goes on to the next. */
async function going(runtime: Runtime, run: () => Promise<void>): Promise<void> {
  await run().catch((error: Error) => {
    console.error(`FAILED: ${runtime}: ${error.message}`);
    process.exitCode = 1;
  });
}

/** Writes a result beside what it cannot be compared without, and a page of it where there is one. */
function keep<
  Result extends { readonly failures: readonly string[]; readonly versions?: Readonly<Record<string, string>> },
>(prefix: string, measured: Result, page?: (result: Environment & Result) => string): void {
  const result = { ...environs, ...measured, versions: { ...environs.versions, ...measured.versions } };
  const file = `${RESULTS}/${prefix}${result.date.replaceAll(/[:.]/g, "-")}`;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
  const html = page?.(result);
  if (html) writeFileSync(`${file}.html`, html);
  console.log(`\nwritten to ${file}.json${html ? " and .html" : ""}`);
  for (const failure of result.failures) console.error(`FAILED: ${failure}`);
  if (result.failures.length > 0) process.exitCode = 1;
}
