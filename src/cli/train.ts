import { loadCheckpoint } from "./checkpoint-file.ts";
import { consoleReporter } from "./console-reporter.ts";
import { DEFAULTS, TRAINING_SAMPLE } from "./defaults.ts";
import { drawing } from "./drawing.ts";
import { openGpu } from "./gpu.ts";
import { invocation, quoted } from "./invocation.ts";
import { jsonReporter } from "./json-reporter.ts";
import { prepareOutput } from "./output.ts";
import { resumedRun } from "./resume.ts";
import { type GivenTraining, newRun, type Run } from "./run.ts";
import { STOPPED, stopSignal, throwWriteError } from "./stop.ts";
import { builtInText, readText } from "./text.ts";
import { runTraining } from "./training.ts";

/**
 * Trains a character model; everything that can be refused is refused before the first step.
 * @param file the text; the built-in corpus without it
 * @returns the exit code
 */
export async function train(file: string | undefined, given: GivenTraining): Promise<number> {
  const run = await prepareRun(file, given);
  const { seed } = run.options;
  const wanted = drawing(run.vocabulary, { ...given, seed }, { length: TRAINING_SAMPLE, seed });
  const output = await prepareOutput(given.out ?? given.resume ?? DEFAULTS.out, file);
  const reporter = given.json ? jsonReporter((line) => process.stdout.write(line)) : consoleReporter(process.stdout);
  const gpu = await openGpu(given.adapter);
  const signal = stopSignal();
  try {
    const result = await runTraining({ gpu, run, drawing: wanted, output, reporter, signal });
    const interrupted = result.steps < run.options.steps;
    const written = result.steps > (run.before?.state.steps ?? 0);
    const next = nextCommands(file, output.checkpoint, run, interrupted);
    reporter.end({ ...result, ...output, interrupted, written, next });
    throwWriteError(signal);
    return interrupted ? STOPPED : 0;
  } finally {
    reporter.close();
    gpu.dispose();
  }
}

async function prepareRun(file: string | undefined, given: GivenTraining): Promise<Run> {
  const text = file === undefined ? builtInText() : await readText(file);
  if (given.resume === undefined) return newRun(text, given);
  return resumedRun(await loadCheckpoint(given.resume), given.resume, text, given);
}

/** An interrupted run goes on to its own end, one that is done to twice its length. */
function nextCommands(file: string | undefined, checkpoint: string, { options }: Run, interrupted: boolean) {
  const program = invocation(process.argv[1] as string, process.cwd());
  const text = file === undefined ? "" : ` ${quoted(file)}`;
  const steps = interrupted ? "" : ` --steps ${2 * options.steps}`;
  return {
    sample: `${program} sample ${quoted(checkpoint)}`,
    resume: `${program} train${text} --resume ${quoted(checkpoint)}${steps}`,
  };
}
