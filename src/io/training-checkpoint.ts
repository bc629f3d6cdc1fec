import { onlyKnown } from "../check.ts";
import type { Vocabulary } from "../data/characters.ts";
import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { createTrainer, type TrainerOptions } from "../train/create-trainer.ts";
import type { FitState } from "../train/fit-state.ts";
import type { Trainer } from "../train/trainer.ts";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { digest } from "./digest.ts";
import { buildFit, describeFit } from "./fit-tensors.ts";
import { buildLoss, buildOptimizer, buildSchedule, describe } from "./settings.ts";

/** What belongs to a training beside its trainer. */
export interface TrainingNotes {
  /** For models of characters. */
  readonly vocabulary?: Vocabulary;
  /** Where `fit` stands, its best weights included; give it back as `resume`. */
  readonly fit?: FitState;
  /** Plain JSON of your own, such as the cursor of the data. */
  readonly notes?: unknown;
}

/** A training that goes on. */
export interface ResumedTraining extends TrainingNotes {
  readonly trainer: Trainer;
  /**
   * Whether it goes on to the last bit as it would have: the file is from this adapter, the step is played by the same plan,
   * and what was given in place of the file's loss, optimizer or schedule is of the same kind with the same numbers. Else it
   * goes on within rounding, or as what was given has it.
   */
  readonly exact: boolean;
}

/**
 * All that it takes to go on with a training: parameters, moments, counts of random draws and of the schedule, states
 * carried from batch to batch, and how the trainer was set up.
 * @returns one safetensors file
 * @throws WebgpuRnnError when the model has a layer that no file describes, or the notes are no JSON
 */
export async function trainingCheckpoint(trainer: Trainer, given: TrainingNotes = {}) {
  onlyKnown("trainingCheckpoint", given, ["vocabulary", "fit", "notes"]);
  const { vocabulary, notes } = given;
  checkNotes(notes);
  const fit = given.fit && describeFit(given.fit);
  const { optimizer, loss, schedule, clipNorm, clipValue, freeze, accumulate, seed } = trainer.settings;
  const { window, memory } = trainer.settings;
  const { batch, time, targetTime } = trainer.settings;
  // Both are read before anything is awaited: the next step may be submitted meanwhile.
  const [weights, state] = await Promise.all([trainer.weights(), trainer.state()]);
  const options = {
    trainer: {
      ...{ batch, time, targetTime, clipNorm, clipValue, freeze, accumulate, window, memory, seed },
      optimizer: describe(optimizer),
      loss: describe(loss),
      ...(schedule ? { schedule: describe(schedule) } : {}),
    },
    ...originOf(trainer),
    ...(fit ? { fit: fit.numbers } : {}),
    ...(notes === undefined ? {} : { notes }),
  };
  const tensors = new Map([...state.tensors, ...(fit?.tensors ?? [])]);
  const training = { state: { ...state, tensors }, options };
  return writeCheckpoint({ model: trainer.model, weights, vocabulary, training });
}

/**
 * Goes on with a training where its checkpoint was made.
 * @param bytes as {@link trainingCheckpoint} gave them
 * @param own what no file describes: a schedule, loss or optimizer of your own
 * @throws WebgpuRnnError when the file is damaged, or no checkpoint of a training
 */
export async function resumeTraining(
  gpu: Gpu,
  bytes: ArrayBuffer | Uint8Array,
  own: Pick<Partial<TrainerOptions>, "schedule" | "loss" | "optimizer"> = {},
): Promise<ResumedTraining> {
  onlyKnown("resumeTraining", own, ["schedule", "loss", "optimizer"]);
  const checkpoint = readCheckpoint(bytes);
  const { options, state } = trainingOf(checkpoint);
  const { optimizer, loss, schedule, ...plain } = options.trainer as Record<string, unknown>;
  const fit = options.fit === undefined ? {} : { fit: buildFit(options.fit, checkpoint.model, state.tensors) };
  const scheduled = own.schedule ?? (schedule === undefined ? undefined : buildSchedule(schedule));
  const trainer = await createTrainer(gpu, checkpoint.model, {
    ...(plain as Pick<TrainerOptions, "batch" | "time">),
    optimizer: own.optimizer ?? buildOptimizer(optimizer),
    loss: own.loss ?? buildLoss(loss),
    ...(scheduled ? { schedule: scheduled } : {}),
    from: checkpoint.weights,
    resume: state,
  });
  const { adapter, plan } = originOf(trainer);
  const asBefore = sameAs(optimizer, own.optimizer) && sameAs(loss, own.loss) && sameAs(schedule, own.schedule);
  return {
    trainer,
    exact: adapter === options.adapter && plan === options.plan && asBefore,
    ...(checkpoint.vocabulary ? { vocabulary: checkpoint.vocabulary } : {}),
    ...fit,
    notes: options.notes,
  };
}

/** Refuses notes that JSON does not hold, before anything is read. */
function checkNotes(notes: unknown): void {
  let got = "what it leaves out";
  try {
    if (notes === undefined || JSON.stringify(notes) !== undefined) return;
  } catch (error) {
    got = (error as Error).message;
  }
  const cure = "give numbers, texts, arrays and plain objects, a large whole number as a text";
  throw refuse({ what: "trainingCheckpoint: notes", expected: "plain JSON", got, cure });
}

function trainingOf({ training }: Checkpoint): NonNullable<Checkpoint["training"]> {
  if (typeof training?.options.trainer === "object" && training.options.trainer !== null) return training;
  const got = training ? "one of the command line" : "one without its training state";
  const cure = training ? "go on with it by train --resume" : "give its weights to createTrainer as `from`";
  throw refuse({ what: "checkpoint", expected: "one of a training, as trainingCheckpoint gives it", got, cure });
}

/** Whether nothing was given in place of what the file describes, or the same. */
const sameAs = (described: unknown, given: Parameters<typeof describe>[0] | undefined): boolean =>
  given === undefined || JSON.stringify(describe(given)) === JSON.stringify(described);

/** What decides the order of every sum: the adapter and the plan. */
const originOf = ({ parameters, plan }: Trainer) => ({
  adapter: parameters.memory.gpu.adapter.name,
  plan: digest(new TextEncoder().encode(plan.identity)),
});
