import type { Batch } from "../batch/batch.ts";
import { flag, oneOf, onlyKnown, whole, within } from "../check.ts";
import { refuse } from "../errors.ts";
import { SMALLEST } from "../optim/optimizer.ts";
import type { Plateau } from "../optim/plateau.ts";
import type { NamedTensors } from "../tensor.ts";
import { createEvaluator, type Evaluator } from "./evaluator.ts";
import { StepLosses } from "./step-losses.ts";
import { Trainer } from "./trainer.ts";

/** Batches that can be gone through again and again, or what gives those of an epoch, counted from 1. */
export type Dataset = Iterable<Batch> | ((epoch: number) => Iterable<Batch>);

/** What happens in training, in order. */
export type FitEvent =
  /** A step with its loss, told some steps later: nothing waits for it. */
  | { readonly kind: "step"; readonly step: number; readonly loss: number }
  /** A step that changed no weight because its loss or gradient was not finite; told some steps later. */
  | { readonly kind: "refused"; readonly step: number }
  /** The loss of the validation batches. */
  | { readonly kind: "validation"; readonly step: number; readonly loss: number }
  /** A validation loss below all before it. */
  | { readonly kind: "best"; readonly step: number; readonly loss: number }
  /** The learning rate is multiplied by this from now on. */
  | { readonly kind: "plateau"; readonly step: number; readonly factor: number }
  | EpochEvent
  /** The last event, and why. */
  | { readonly kind: "stopped"; readonly step: number; readonly reason: StopReason };

export interface EpochEvent {
  readonly kind: "epoch";
  /** From 1. */
  readonly epoch: number;
  readonly step: number;
  /** Mean of the losses of its steps that are finite. */
  readonly loss: number;
  /** Undefined where there is no validation. */
  readonly validationLoss: number | undefined;
  /** Of the validation loss, or else of the loss, in bits; undefined for losses that are no cross-entropy of ids. */
  readonly bitsPerCharacter: number | undefined;
}

export type StopReason = "epochs" | "patience" | "signal" | "refused";

const POLICIES = ["stop", "skip", "halve"] as const;

export interface FitOptions {
  /** Default 1. */
  epochs?: number;
  /** Batches to measure at the end of each epoch, up to the trainer's announced size. */
  validation?: Iterable<Batch>;
  /** Ends after so many epochs in a row without a better validation loss. Default: never. */
  patience?: number;
  /**
   * Whether the weights with the best validation loss are put back when the training has ended by itself. Default true.
   * They are those since this call: where a run before it had better ones, they are yours to save at its `best` events.
   */
  keepBest?: boolean;
  /** Lowers the learning rate by the validation loss, or else by the loss of the epoch; see `onPlateau`. */
  plateau?: Plateau;
  /**
   * What to do after a step whose loss or gradient is not finite. The device has left weights, moments and counts as they
   * were; what was submitted since, some steps, has gone on from there. "halve" halves the learning rate. Default "stop".
   */
  onNotFinite?: (typeof POLICIES)[number];
  /** Aborted, it ends the training after the step at hand. */
  signal?: AbortSignal;
  /** Where an earlier run stopped, as its {@link Fit.state} told. */
  resume?: FitState;
}

/** All that a training knows beside its trainer: plain numbers, to be kept beside a checkpoint. */
export interface FitState {
  /** Epochs that are over. */
  readonly epochs: number;
  /** Batches of the epoch at hand that have been trained on. */
  readonly batches: number;
  /** The best validation loss; null before the first. */
  readonly best: number | null;
  /** Epochs since then. */
  readonly waited: number;
  /** What "halve" has multiplied the learning rate by. */
  readonly factor: number;
}

/** A training under way: iterate it, once. It goes on only while events are asked for; not to ask is to pause. */
export class Fit implements AsyncIterable<FitEvent> {
  readonly #trainer: Trainer;
  readonly #dataset: Dataset;
  readonly #options: FitOptions;
  #state: FitState;
  #bestWeights: NamedTensors | undefined;

  constructor(trainer: Trainer, dataset: Dataset, options: FitOptions) {
    this.#trainer = trainer;
    this.#dataset = dataset;
    this.#options = options;
    this.#state = options.resume ?? { epochs: 0, batches: 0, best: null, waited: 0, factor: 1 };
  }

  /** Where it stands; give it back as `resume` with a trainer that is resumed as well. */
  get state(): FitState {
    return this.#state;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FitEvent, void, undefined> {
    const trainer = this.#trainer;
    const { epochs = 1, validation, patience = Number.POSITIVE_INFINITY } = this.#options;
    const evaluator = validation && (await evaluatorOf(trainer));
    const losses = new StepLosses(trainer, (await trainer.progress()).refused);
    try {
      while (this.#state.epochs < epochs) {
        const mean = new Mean();
        const stopped = yield* this.#epoch(losses, mean);
        if (stopped) return yield { kind: "stopped", step: trainer.steps, reason: stopped };
        const validationLoss = evaluator && (await evaluator.loss(atLeastOne(validation as Iterable<Batch>)));
        yield* this.#judge(mean.value, validationLoss);
        if (this.#state.waited >= patience) return yield* this.#end("patience");
      }
      yield* this.#end("epochs");
    } finally {
      evaluator?.dispose();
    }
  }

  /** Trains to the end of the epoch. @returns why it stopped before */
  async *#epoch(losses: StepLosses, mean: Mean): AsyncGenerator<FitEvent, StopReason | undefined, undefined> {
    const { signal } = this.#options;
    for (const batch of this.#rest()) {
      if (signal?.aborted) {
        yield* this.#tell(losses, mean);
        return "signal";
      }
      this.#trainer.step(batch);
      this.#state = { ...this.#state, batches: this.#state.batches + 1 };
      await this.#trainer.ready();
      if (losses.due && (yield* this.#tell(losses, mean))) return "refused";
    }
    if (this.#state.batches === 0) {
      const cure = "give batches that can be gone through again, or a function that gives those of an epoch";
      throw refuse({ what: "fit: dataset", expected: "at least one batch in each epoch", got: "none", cure });
    }
    return (yield* this.#tell(losses, mean)) ? "refused" : undefined;
  }

  /** The batches of the epoch at hand that are still to come. */
  *#rest(): Generator<Batch, void, undefined> {
    const { epochs, batches } = this.#state;
    let place = 0;
    for (const batch of typeof this.#dataset === "function" ? this.#dataset(epochs + 1) : this.#dataset) {
      place += 1;
      if (place > batches) yield batch;
    }
  }

  /** @returns whether training is to stop for a step that was refused */
  async *#tell(losses: StepLosses, mean: Mean): AsyncGenerator<FitEvent, boolean, undefined> {
    const { onNotFinite = "stop" } = this.#options;
    const { first, losses: fresh, refused } = await losses.read();
    for (const [i, loss] of fresh.entries()) {
      const step = first + i;
      if (step === refused || !Number.isFinite(loss)) yield { kind: "refused", step };
      else yield { kind: "step", step, loss };
      if (Number.isFinite(loss)) mean.add(loss);
    }
    if (refused !== undefined && onNotFinite === "halve") this.#scale(this.#state.factor / 2);
    return refused !== undefined && onNotFinite === "stop";
  }

  /** Ends an epoch by what its losses are. */
  async *#judge(loss: number, validationLoss: number | undefined): AsyncGenerator<FitEvent, void, undefined> {
    const { plateau, keepBest = true } = this.#options;
    const { steps: step, settings } = this.#trainer;
    const { epochs, best, waited, factor } = this.#state;
    const better = validationLoss !== undefined && validationLoss < (best ?? Number.POSITIVE_INFINITY);
    this.#state = {
      epochs: epochs + 1,
      batches: 0,
      best: better ? validationLoss : best,
      waited: better || validationLoss === undefined ? 0 : waited + 1,
      factor,
    };
    if (validationLoss !== undefined) yield { kind: "validation", step, loss: validationLoss };
    if (better) {
      if (keepBest) this.#bestWeights = await this.#trainer.weights();
      yield { kind: "best", step, loss: validationLoss };
    }
    const measured = validationLoss ?? loss;
    const before = plateau?.state.factor;
    if (plateau && plateau.observe(measured) !== before) {
      this.#scale(factor);
      yield { kind: "plateau", step, factor: plateau.state.factor };
    }
    const bits = settings.loss.kind === "crossEntropy" ? measured / Math.LN2 : undefined;
    yield { kind: "epoch", epoch: epochs + 1, step, loss, validationLoss, bitsPerCharacter: bits };
  }

  #scale(factor: number): void {
    this.#state = { ...this.#state, factor };
    this.#trainer.scaleRate(factor * (this.#options.plateau?.state.factor ?? 1));
  }

  async *#end(reason: StopReason): AsyncGenerator<FitEvent, void, undefined> {
    if (this.#bestWeights) this.#trainer.parameters.replace(this.#bestWeights);
    yield { kind: "stopped", step: this.#trainer.steps, reason };
  }
}

/** Refuses a validation without batches, such as an iterator that an epoch before has used up. */
function* atLeastOne(validation: Iterable<Batch>): Generator<Batch, void, undefined> {
  let given = 0;
  for (const batch of validation) {
    given += 1;
    yield batch;
  }
  if (given > 0) return;
  const cure = "give batches that can be gone through again and again";
  throw refuse({ what: "fit: validation", expected: "at least one batch after each epoch", got: "none", cure });
}

/** The mean of numbers that come one by one. */
class Mean {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value;
    this.#count += 1;
  }

  get value(): number {
    return this.#sum / this.#count;
  }
}

const evaluatorOf = (trainer: Trainer): Promise<Evaluator> => {
  const { batch, time, targetTime, loss } = trainer.settings;
  return createEvaluator(trainer.parameters.memory.gpu, trainer.model, {
    batch,
    time,
    targetTime,
    loss,
    from: trainer,
  });
};

const NAMES = ["epochs", "validation", "patience", "keepBest", "plateau", "onNotFinite", "signal", "resume"];

/**
 * Trains epoch after epoch, and tells what happens.
 * @param dataset batches up to the trainer's announced size; a function gives each epoch its own, such as another order
 * @throws WebgpuRnnError when an option is out of range; while iterated, when a batch does not fit or there is none
 */
export function fit(trainer: Trainer, dataset: Dataset, options: FitOptions = {}): Fit {
  onlyKnown("fit", options, NAMES);
  const { epochs = 1, patience, keepBest, onNotFinite } = options;
  if (epochs !== Number.POSITIVE_INFINITY) whole("fit: epochs", epochs, 1);
  if (patience !== undefined) whole("fit: patience", patience, 1);
  flag("fit: keepBest", keepBest);
  checkParts(trainer, dataset, options);
  oneOf("fit: onNotFinite", onNotFinite, POLICIES);
  return new Fit(trainer, dataset, options);
}

/** Refuses what is not of its kind, and would else count for nothing or fail epochs later. */
function checkParts(trainer: Trainer, dataset: Dataset, { validation, plateau, signal, resume }: FitOptions): void {
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
  for (const name of ["epochs", "batches", "waited"] as const) whole(`fit: resume: ${name}`, resume[name], 0);
  within("fit: resume: factor", resume.factor, SMALLEST, Number.POSITIVE_INFINITY);
}

const iterable = (given: unknown): boolean =>
  typeof (given as Iterable<Batch> | null | undefined)?.[Symbol.iterator] === "function";
