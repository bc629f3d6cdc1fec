import { refuse } from "../errors.ts";
import { createSampler } from "../train/sampler.ts";
import { loadCheckpoint } from "./checkpoint-file.ts";
import { SAMPLE } from "./defaults.ts";
import { draw, drawing } from "./drawing.ts";
import { openGpu } from "./gpu.ts";
import type { Given, sampleOptions } from "./options.ts";
import { STOPPED, stopSignal, throwWriteError } from "./stop.ts";

/**
 * Writes text to standard output as it is drawn, and nothing else.
 * @param path of the checkpoint
 * @returns the exit code
 */
export async function sample(path: string, given: Given<typeof sampleOptions>): Promise<number> {
  const { model, weights, vocabulary } = await loadCheckpoint(path);
  if (!vocabulary) {
    throw refuse({ what: path, expected: "a model of characters", got: "a checkpoint without a vocabulary" });
  }
  const seed = Math.floor(Math.random() * 2 ** 32);
  const wanted = drawing(vocabulary, given, { length: SAMPLE, seed });
  const gpu = await openGpu(given.adapter);
  const signal = stopSignal();
  try {
    const sampler = await createSampler(gpu, model, { from: weights });
    for await (const piece of draw(sampler, wanted)) {
      if (signal.aborted) break;
      process.stdout.write(piece);
    }
    process.stdout.write("\n");
    throwWriteError(signal);
    return signal.aborted ? STOPPED : 0;
  } finally {
    gpu.dispose();
  }
}
