import type { Gpu } from "../gpu/device.ts";
import {
  type ResumedTraining,
  resumeTraining,
  type TrainingNotes,
  trainingCheckpoint,
} from "../io/training-checkpoint.ts";
import type { Trainer } from "../train/trainer.ts";
import { readBytes, writeAtomically } from "./files.ts";

/**
 * Writes all that it takes to go on with a training into one file; a crash leaves the old file or the new one.
 * @throws WebgpuRnnError when the file cannot be written, or the model has a layer that no file describes
 */
export async function saveCheckpoint(trainer: Trainer, path: string, notes?: TrainingNotes): Promise<void> {
  await writeAtomically(path, await trainingCheckpoint(trainer, notes));
}

/**
 * Goes on with a training that {@link saveCheckpoint} has written.
 * @param own what no file describes: a schedule, loss or optimizer of your own
 * @throws WebgpuRnnError when the file cannot be read, is damaged, or no checkpoint of a training
 */
export async function resumeCheckpoint(
  gpu: Gpu,
  path: string,
  own?: Parameters<typeof resumeTraining>[2],
): Promise<ResumedTraining> {
  return resumeTraining(gpu, await readBytes(path, "a checkpoint of webgpu-rnn"), own);
}
