import type { Batch } from "../batch/batch.ts";
import { refuse } from "../errors.ts";
import type { FitEvent, StopReason } from "./fit-events.ts";
import { checkFit, type Dataset, type FitOptions } from "./fit-options.ts";
import { BEGINNING, type FitState } from "./fit-state.ts";
import { StepLosses } from "./step-losses.ts";
import type { Trainer } from "./trainer.ts";
import { Validation } from "./validation.ts";

/**
 * A training under way: iterate it, once. It goes on only while events are asked for; not to ask is to pause. Steps are told
 * several at a time: `break` at one of them gives up the events of those read with it, which {@link state} has behind it.
 */
export class Fit implements AsyncIterable<FitEvent> {
  readonly #trainer: Trainer;
  readonly #dataset: Dataset;
  readonly #options: FitOptions;
  #state: FitState;

  constructor(trainer: Trainer, dataset: Dataset, options: FitOptions) {
    this.#trainer = trainer;
    this.#dataset = dataset;
    this.#options = options;
    this.#state = { ...(options.resume ?? BEGINNING), plateau: options.plateau?.state ?? null };
  }

  /** Where it stands; give it back as `resume` with a trainer that is resumed as well. */
  get state(): FitState {
    return this.#state;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FitEvent, void, undefined> {
    const trainer = this.#trainer;
    const { steps, validation: batches } = this.#options;
    const { epochs = steps === undefined ? 1 : Number.POSITIVE_INFINITY } = this.#options;
    const { patience = Number.POSITIVE_INFINITY } = this.#options;
    const validation = batches && (await Validation.create(trainer, batches));
    const losses = new StepLosses(trainer, (await trainer.progress()).refused);
    trainer.scaleRate(this.#rate); // a new trainer has not heard of it, a used one of something else
    try {
      while (this.#state.epochs < epochs && this.#state.waited < patience) {
        const stopped = yield* this.#epoch(losses);
        if (stopped) return yield { kind: "stopped", step: trainer.steps, reason: stopped };
        yield* this.#judge(await validation?.loss());
      }
      yield* this.#end(this.#state.waited < patience ? "epochs" : "patience");
    } finally {
      validation?.dispose();
    }
  }

  /** Trains to the end of the epoch. @returns why it stopped before */
  async *#epoch(losses: StepLosses): AsyncGenerator<FitEvent, StopReason | undefined, undefined> {
    const { signal, steps = Number.POSITIVE_INFINITY } = this.#options;
    for (const batch of this.#rest()) {
      if (signal?.aborted || this.#trainer.steps >= steps) {
        return (yield* this.#tell(losses)) ? "refused" : signal?.aborted ? "signal" : "steps";
      }
      this.#trainer.step(batch);
      this.#state = { ...this.#state, batches: this.#state.batches + 1 };
      await losses.submitted();
      if (losses.due && (yield* this.#tell(losses))) return "refused";
    }
    if (this.#state.batches === 0) {
      const cure = "give batches that can be gone through again, or a function that gives those of an epoch";
      throw refuse({ what: "fit: dataset", expected: "at least one batch in each epoch", got: "none", cure });
    }
    return (yield* this.#tell(losses)) ? "refused" : undefined;
  }

  /** The batches of the epoch at hand that are still to come. */
  *#rest(): Generator<Batch, void, undefined> {
    const { epochs, batches } = this.#state;
    let place = 0;
    for (const batch of typeof this.#dataset === "function" ? this.#dataset(epochs + 1) : this.#dataset) {
      place += 1;
      if (place > batches) yield batch;
    }
    if (place >= batches) return;
    const cure = "give the dataset that the training had before";
    const expected = `at least the ${batches} batches of epoch ${epochs + 1} that the state has behind it`;
    throw refuse({ what: "fit: dataset", expected, got: String(place), cure });
  }

  /** @returns whether training is to stop for a step that was refused */
  async *#tell(losses: StepLosses): AsyncGenerator<FitEvent, boolean, undefined> {
    const { onNotFinite = "stop" } = this.#options;
    const { first, losses: fresh, refused } = await losses.read();
    const finite = fresh.filter(Number.isFinite);
    const { sum, count, factor } = this.#state;
    this.#state = {
      ...this.#state,
      sum: finite.reduce((total, loss) => total + loss, sum),
      count: count + finite.length,
    };
    if (refused > 0 && onNotFinite === "halve") this.#scale(factor / 2 ** refused);
    for (const [i, loss] of fresh.entries()) {
      const step = first + i;
      yield Number.isFinite(loss) ? { kind: "step", step, loss } : { kind: "refused", step };
    }
    return refused > 0 && onNotFinite === "stop";
  }

  /** Ends an epoch by what its losses are. */
  async *#judge(validationLoss: number | undefined): AsyncGenerator<FitEvent, void, undefined> {
    const { plateau, keepBest = true } = this.#options;
    const { steps: step, settings } = this.#trainer;
    const { epochs, sum, count, best, bestWeights, waited, factor } = this.#state;
    const loss = sum / count;
    const measured = validationLoss ?? loss;
    const better = validationLoss !== undefined && validationLoss < (best ?? Number.POSITIVE_INFINITY);
    const kept = better && keepBest ? await this.#trainer.weights() : undefined;
    const before = plateau?.state.factor;
    plateau?.observe(measured);
    this.#state = {
      epochs: epochs + 1,
      batches: 0,
      sum: 0,
      count: 0,
      best: better ? validationLoss : best,
      bestWeights: better ? kept : bestWeights,
      waited: better || validationLoss === undefined ? 0 : waited + 1,
      factor,
      plateau: plateau?.state ?? null,
    };
    if (plateau && plateau.state.factor !== before) this.#scale(factor);

    if (validationLoss !== undefined) yield { kind: "validation", step, loss: validationLoss };
    if (better) yield { kind: "best", step, loss: validationLoss };
    if (plateau && plateau.state.factor !== before) yield { kind: "plateau", step, factor: plateau.state.factor };
    const bits = settings.loss.kind === "crossEntropy" ? measured / Math.LN2 : undefined;
    yield { kind: "epoch", epoch: epochs + 1, step, loss, validationLoss, bitsPerCharacter: bits };
  }

  /** What the learning rate is multiplied by, beside the trainer's schedule. */
  get #rate(): number {
    return this.#state.factor * (this.#options.plateau?.state.factor ?? 1);
  }

  #scale(factor: number): void {
    this.#state = { ...this.#state, factor };
    this.#trainer.scaleRate(this.#rate);
  }

  async *#end(reason: StopReason): AsyncGenerator<FitEvent, void, undefined> {
    const { keepBest = true } = this.#options;
    const { bestWeights } = this.#state;
    if (keepBest && bestWeights) this.#trainer.parameters.replace(bestWeights);
    yield { kind: "stopped", step: this.#trainer.steps, reason };
  }
}

/**
 * Trains epoch after epoch, and tells what happens. From its first step on the trainer's `scaleRate` is its own: 1, or what the
 * state that it resumes and the plateau have come to. To go on after an end that put the best weights back is not what an
 * uninterrupted run gives: the optimizer's later moments then stand beside earlier weights. A batch in which nothing counts
 * has the loss 0, and weight decay acts on it all the same, as in PyTorch.
 * @param dataset batches up to the trainer's announced size; a function gives each epoch its own, such as another order
 * @throws WebgpuRnnError when an option is out of range; while iterated, when a batch does not fit or there is none, fewer
 *   than the state that it resumes has behind it, or nothing counts in the validation
 */
export function fit(trainer: Trainer, dataset: Dataset, options: FitOptions = {}): Fit {
  checkFit(trainer, dataset, options);
  return new Fit(trainer, dataset, options);
}
