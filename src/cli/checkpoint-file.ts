import { type Checkpoint, readCheckpoint, writeCheckpoint } from "../io/checkpoint.ts";
import { readBytes, writeAtomically } from "../node/files.ts";
import type { Trainer } from "../train/trainer.ts";
import type { History } from "./history.ts";
import { naming } from "./naming.ts";
import type { Run } from "./run.ts";

/** @throws WebgpuRnnError naming the file when it cannot be read, is cut short, not ours or of another shape */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const bytes = await readBytes(path, "a checkpoint of webgpu-rnn");
  return naming(path, () => readCheckpoint(bytes));
}

/** Writes all that it takes to use the model and to train it on, bit for bit. */
export async function saveCheckpoint(path: string, run: Run, trainer: Trainer, history: History): Promise<void> {
  const [weights, state] = [await trainer.weights(), await trainer.state()];
  const cursor = run.options.cursor + trainer.steps - (run.before?.state.steps ?? 0);
  const tensors = new Map([...state.tensors, ...history.toTensors()]);
  const training = { options: { ...run.options, cursor }, state: { ...state, tensors } };
  await writeAtomically(path, writeCheckpoint({ model: run.model, weights, vocabulary: run.vocabulary, training }));
}
