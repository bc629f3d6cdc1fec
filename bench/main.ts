import { readFileSync } from "node:fs";
import { refuse, WebgpuRnnError } from "../src/errors.ts";
import { type Asked, readCommand, USAGE } from "./commands.ts";
import { compare, type Result, readResult } from "./compare.ts";
import type { Environment } from "./environment.ts";
import { PAGES } from "./html/pages.ts";
import { keep } from "./keep.ts";
import type { Listener } from "./listener.ts";
import type { Measured, Measurement } from "./measurements.ts";
import { measureOwn, onOwnDevice } from "./own.ts";
import { type Runtime, runInDeno, runtimeOf } from "./runtimes.ts";

try {
  await run(asked());
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function asked(): Asked {
  try {
    return readCommand(process.argv.slice(2));
  } catch (error) {
    throw new WebgpuRnnError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function run({ command, words, small = false, only, text, runtime }: Asked): Promise<void> {
  switch (command) {
    case "help":
      console.log(USAGE);
      break;
    case "compare": {
      const [before, after] = words.map((file) => readResult(file, read(file)));
      console.log(compare(before as Result, after as Result));
      break;
    }
    case "cudnn": {
      const [{ benchCudnn }, { cudnnPage }] = await Promise.all([import("./cudnn.ts"), import("./html/cudnn.ts")]);
      await keep(command, () => onOwnDevice((gpu) => benchCudnn(gpu, console.log)), cudnnPage);
      break;
    }
    case "learning": {
      const { measureLearning } = await import("./learning/run.ts");
      const { learningPage } = await import("./html/learning.ts");
      await keep(command, () => measureLearning({ tasks: words, text }, console.log), learningPage);
      break;
    }
    case "rivals": {
      const { runRivals } = await import("./rivals/run.ts");
      const { rivalsPage } = await import("./rivals/html.ts");
      await inEach(runtime ?? "chromium", (where) => {
        const options = { small, runtime: where, ...(only === undefined ? {} : { only }) };
        return keep(`rivals-${where}`, () => runRivals(options, console.log), rivalsPage);
      });
      break;
    }
    default:
      await inEach(runtime ?? "node", (where) => measureIn(where, command, small));
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw refuse({ what: "bench compare", expected: "files that can be read", got: (error as Error).message });
  }
}

async function measureIn(runtime: Runtime, what: Measurement, small: boolean): Promise<void> {
  const here = "deno" in process.versions ? "deno" : "node";
  if (runtime === "deno" && here === "node")
    return runInDeno([what, "--runtime", "deno", ...(small ? ["--small"] : [])]);
  const measure = async (sofar: (result: Measured) => void) => {
    const listener: Listener<Measured> = { print: console.log, progress: console.error, sofar };
    if (runtime === "node" || runtime === "deno") return measureOwn(what, small, listener);
    const { measureInBrowser } = await import("./in-browser.ts"); // needs vite, which a machine lent for its GPU may lack
    return measureInBrowser(runtime, what, small, listener);
  };
  // The page of a word shows what the word measures, which the type of all words together does not tell.
  const page = PAGES[what] as (result: Measured & Environment) => string;
  await keep(what === "own" ? runtime : `${what}-${runtime}`, measure, page);
}

/**
 * Runs in one runtime after the other. Says what keeps one from running, that it is not known too, and goes on to the next.
 * @param runtimes names, with commas between
 */
async function inEach(runtimes: string, run: (runtime: Runtime) => Promise<void>): Promise<void> {
  for (const word of runtimes.split(",")) {
    try {
      await run(runtimeOf(word));
    } catch (error) {
      // Of an empty name the message itself tells.
      console.error(`FAILED: ${word && `${word}: `}${(error as Error).message}`);
      process.exitCode = 1;
    }
  }
}
