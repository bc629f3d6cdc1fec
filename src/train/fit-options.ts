import type { Batch } from "../batch/batch.ts";
import { flag, oneOf, onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";
import { parametersAmong } from "../nn/parameters.ts";
import type { Plateau } from "../optim/plateau.ts";
import { checkFitState, checkGoesOn, type FitState } from "./fit-state.ts";
import { Trainer } from "./trainer.ts";

/** Batches that can be gone through again and again, or what gives those of an epoch, counted from 1. */
export type Dataset = Iterable<Batch> | ((epoch: number) => Iterable<Batch>);

const POLICIES = ["stop", "skip", "halve"] as const;

export interface FitOptions {
  /** Default 1, or without end where `steps` is given. */
  epochs?: number;
  /**
   * Ends after this step of the trainer, those before this call counted, wherever in an epoch that is: as a signal does, so
   * that it goes on from there bit for bit. For streams without end. Default: no bound.
   */
  steps?: number;
  /** Batches to measure at the end of each epoch, up to the trainer's announced size; at least one row must count. */
  validation?: Iterable<Batch>;
  /** Ends after so many epochs in a row without a better validation loss; needs `validation`. Default: never. */
  patience?: number;
  /**
   * Whether the weights with the best validation loss, be it one of a run before, are put back when the training has ended
   * by its epochs or its patience. Default true.
   */
  keepBest?: boolean;
  /** Lowers the learning rate by the validation loss, or else by the loss of the epoch; see `onPlateau`. */
  plateau?: Plateau;
  /**
   * What to do after a step whose loss or gradient is not finite. The device has left weights, moments and counts as they
   * were; what was submitted since, at most two steps, has gone on from there. "halve" halves the learning rate, for each
   * such step. Default "stop".
   */
  onNotFinite?: (typeof POLICIES)[number];
  /** Aborted, it ends the training after the step at hand. */
  signal?: AbortSignal;
  /** Where an earlier run stood, as its {@link FitState} told. */
  resume?: FitState;
}

const NAMES: readonly (keyof FitOptions)[] = [
  "epochs",
  "steps",
  "validation",
  "patience",
  "keepBest",
  "plateau",
  "onNotFinite",
  "signal",
  "resume",
];

/** Refuses options that are out of range or do not belong together. */
export function checkFit(trainer: Trainer, dataset: Dataset, options: FitOptions): void {
  onlyKnown("fit", options, NAMES);
  const { epochs = 1, steps, patience, keepBest, onNotFinite } = options;
  if (epochs !== Number.POSITIVE_INFINITY) whole("fit: epochs", epochs, 1);
  if (steps !== undefined) whole("fit: steps", steps, 1);
  if (patience !== undefined) checkPatience(patience, options);
  flag("fit: keepBest", keepBest);
  checkParts(trainer, dataset, options);
  oneOf("fit: onNotFinite", onNotFinite, POLICIES);
}

function checkPatience(patience: number, { validation }: FitOptions): void {
  whole("fit: patience", patience, 1);
  if (validation !== undefined) return;
  const cure = "give validation batches, or leave patience out";
  throw refuse({ what: "fit: patience", expected: "validation, whose loss it waits for", got: "none", cure });
}

/** Refuses what is not of its kind, and would else count for nothing or fail epochs later. */
function checkParts(trainer: Trainer, dataset: Dataset, given: FitOptions): void {
  const { validation, plateau, signal, resume, keepBest = true } = given;
  const check = (name: string, fits: boolean, expected: string, got: unknown): void => {
    if (!fits) throw refuse({ what: `fit: ${name}`, expected, got: String(got) });
  };
  check("trainer", trainer instanceof Trainer, "what createTrainer gives", trainer);
  check(
    "dataset",
    typeof dataset === "function" || iterable(dataset),
    "batches, or a function that gives them",
    dataset,
  );
  check("validation", validation === undefined || iterable(validation), "batches", validation);
  check("plateau", plateau === undefined || typeof plateau.observe === "function", "onPlateau()", plateau);
  check("signal", signal === undefined || typeof signal.aborted === "boolean", "an AbortSignal", signal);
  if (!resume) return;
  checkFitState("fit: resume", resume);
  if (resume.bestWeights) parametersAmong("fit: resume: bestWeights", trainer.model, resume.bestWeights);
  checkGoesOn(resume, keepBest, plateau?.state);
}

const iterable = (given: unknown): boolean =>
  typeof (given as Iterable<Batch> | null | undefined)?.[Symbol.iterator] === "function";
