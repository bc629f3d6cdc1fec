import { characters } from "../src/data/index.ts";
import { createSampler, createTrainer, type Gpu, type TrainerOptions, WebgpuRnnError } from "../src/index.ts";
import type { Checkpoint } from "../src/io/index.ts";
import { trainingShape } from "./dataset.ts";
import { type Beginning, Learner } from "./learner.ts";
import { characterModel, trainerOptions } from "./model.ts";

/** For a checkpoint that holds weights alone. */
const DEFAULTS = { batch: 16, time: 64, cursor: 0 };

/** Fills the largest batch, even if every character is a pair of surrogates; a text of megabytes is not counted. */
const ENOUGH = 4096;

/**
 * A new model, `hidden` units wide, that knows the characters of a text.
 * @throws WebgpuRnnError when the text is too short, or the model too large for the device
 */
export function beginAnew(gpu: Gpu, text: string, hidden: number, rate: number): Promise<Learner> {
  const shape = trainingShape([...text.slice(0, ENOUGH)].length);
  const vocabulary = characters(text);
  const model = characterModel(vocabulary.size, hidden);
  return begin({ gpu, model, vocabulary, shape, rate, cursor: 0 });
}

/**
 * The model of a checkpoint: it can write at once, and train on from where it stopped.
 * @throws WebgpuRnnError when the checkpoint is not one of a model of characters
 */
export function beginFrom(gpu: Gpu, checkpoint: Checkpoint, rate: number): Promise<Learner> {
  const { model, weights, vocabulary, training } = checkpoint;
  if (!vocabulary) throw new WebgpuRnnError("The file holds a model, but not the characters that it knows.");
  const { batch, time, cursor } = { ...DEFAULTS, ...training?.options };
  const beginning = { gpu, model, vocabulary, shape: { batch, time }, rate, cursor };
  return begin(beginning, { from: weights, ...(training && { resume: training.state }) });
}

async function begin(beginning: Beginning, source: Pick<TrainerOptions, "from" | "resume"> = {}): Promise<Learner> {
  const { gpu, model, shape, rate } = beginning;
  const trainer = await createTrainer(gpu, model, { ...trainerOptions(shape, rate), ...source });
  return new Learner(beginning, trainer, await createSampler(gpu, model, { from: trainer }));
}
