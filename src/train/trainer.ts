import type { Batch, DeviceBatch } from "../batch/batch.ts";
import type { BatchReader } from "../batch/device-batch.ts";
import { within } from "../check.ts";
import { HISTORY, REFUSED, STEP } from "../control.ts";
import { type Commands, submit } from "../gpu/queue.ts";
import type { Loss } from "../losses/loss.ts";
import type { Model } from "../nn/sequential.ts";
import { SMALLEST } from "../optim/optimizer.ts";
import type { Schedule } from "../optim/schedules.ts";
import type { UpdateOptions } from "../optim/update.ts";
import type { Plan } from "../plan/plan.ts";
import type { NamedTensors } from "../tensor.ts";
import { Flow } from "./flow.ts";
import { writeBatch } from "./loss-plan.ts";
import type { Parameters } from "./parameters.ts";
import type { Rates } from "./rates.ts";
import type { Recomputation } from "./recomputation.ts";
import type { LargestBatch, Shapes } from "./shapes.ts";
import type { TrainingPlan } from "./training-plan.ts";
import { readState, type TrainingState } from "./training-state.ts";
import type { Window } from "./window.ts";
import { forget, type Workspace } from "./workspace.ts";

/** How a trainer was set up, defaults filled in. */
export interface TrainerSettings extends Readonly<LargestBatch>, Required<UpdateOptions> {
  readonly loss: Loss;
  readonly schedule: Schedule | undefined;
  readonly window: number;
  readonly memory: number | undefined;
  /** Steps between the states that are kept where what lies between is computed twice; else `time`. */
  readonly stretch: number;
  readonly seed: number;
}

/** What the device says of the steps submitted so far. */
export interface Progress {
  /** Updates that changed no weight because a loss or gradient was not finite, over the whole run. */
  readonly refused: number;
  /**
   * Mean losses of the latest steps, at most 256, the last one last; those of cross-entropy in nats. NaN where the update
   * after a step was refused for its gradient alone, so that they tell every refusal.
   */
  readonly losses: Float32Array;
}

/** What a trainer is made of. */
interface TrainerParts {
  readonly workspace: Workspace<TrainingPlan>;
  readonly shapes: Shapes<TrainingPlan>;
  readonly read: BatchReader;
  readonly rates: Rates;
  /** Where a loss flows through chunks before the latest. */
  readonly window: Window | undefined;
  /** Where a step is played in stretches. */
  readonly recomputation: Recomputation | undefined;
  readonly settings: TrainerSettings;
  /** What had been settled when the plan was made. */
  readonly choices: ReadonlyMap<string, string>;
  /** Played by a trainer before this one. */
  readonly steps: number;
  /** Refused before. */
  readonly refused: number;
}

/** Trains a model: owns its gradients, moments and activations. Made by {@link createTrainer}. */
export class Trainer {
  readonly model: Model;
  readonly parameters: Parameters;
  readonly settings: TrainerSettings;
  readonly #workspace: Workspace<TrainingPlan>;
  readonly #shapes: Shapes<TrainingPlan>;
  readonly #read: BatchReader;
  readonly #rates: Rates;
  readonly #window: Window | undefined;
  readonly #recomputation: Recomputation | undefined;
  readonly #flow: Flow;
  readonly #choices: ReadonlyMap<string, string>;
  /** What another trainer has played, whose losses this one does not know. */
  readonly #before: { readonly steps: number; readonly refused: number };
  #steps: number;

  constructor({
    workspace,
    shapes,
    read,
    rates,
    window,
    recomputation,
    settings,
    choices,
    steps,
    refused,
  }: TrainerParts) {
    this.model = workspace.parameters.model;
    this.parameters = workspace.parameters;
    this.settings = settings;
    this.#workspace = workspace;
    this.#shapes = shapes;
    this.#read = read;
    this.#rates = rates;
    this.#window = window;
    this.#recomputation = recomputation;
    this.#flow = new Flow(workspace.memory.gpu);
    this.#choices = choices;
    this.#before = { steps, refused };
    this.#steps = steps;
  }

  /** Steps submitted so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The recorded step for the largest batch, or for a stretch of it; prints itself. */
  get plan(): Plan {
    return this.#workspace.recorded.plan;
  }

  /**
   * Plays one training step: one submit, or several where it takes longer than the device's `budget`; nothing awaited,
   * nothing read back. A batch smaller than announced, or one with
   * lengths or a mask, has a plan of its own, made at its first use over the same memory.
   * @throws WebgpuRnnError when the batch does not fit the announced shape, the model or the loss, or the schedule gives a
   *   factor that is negative or not finite; nothing has changed then
   */
  step(batch: Batch): void {
    const { memory, staging } = this.#workspace;
    memory.check();
    const given = this.#read(this.settings.loss, batch, this.settings);
    const start = batch.start ?? true;
    this.#rates.write(this.#steps);
    const encode = this.#recomputation?.write(given, start, this.#steps) ?? this.#write(given, start);
    const record = (encoder: Commands): void => {
      encode(encoder);
      staging.copy(encoder);
    };
    const expected = submit(memory.gpu, record, this.#flow.pace);
    this.#steps += 1;
    this.#flow.submitted(expected);
  }

  /** Carries a batch to the device. @returns what records its step */
  #write(given: DeviceBatch, start: boolean): (encoder: Commands) => void {
    const shaped = this.#shapes.get(given, start);
    writeBatch(shaped.program, shaped.recorded, given);
    return (encoder) => {
      if (start) forget(encoder, shaped);
      if (this.#window) this.#window.encode(encoder, shaped, start);
      else shaped.program.encode(encoder);
    };
  }

  /** Resolves while fewer than a few steps are in flight; await it in every loop, or the queue grows without bound. */
  ready(): Promise<void> {
    return this.#flow.ready();
  }

  /**
   * Multiplies the learning rate of all steps submitted from now on, beside the schedule; it takes the place of the factor
   * given before, and is part of {@link state}. `fit` sets it when it begins, and is alone to set it while it runs.
   * @param factor above 0
   */
  scaleRate(factor: number): void {
    within("scaleRate: factor", factor, SMALLEST, Number.POSITIVE_INFINITY);
    this.#rates.scale(factor);
  }

  /** Mean loss of the latest submitted step, before its update; NaN before the first; see {@link Progress}. Waits for the GPU. */
  async loss(): Promise<number> {
    return (await this.progress()).losses.at(-1) ?? Number.NaN;
  }

  /** Losses of the latest steps that this trainer has submitted. Waits for the GPU. */
  async progress(): Promise<Progress> {
    const { memory, recorded, staging } = this.#workspace;
    memory.check();
    if (this.#steps === this.#before.steps) return { refused: this.#before.refused, losses: new Float32Array() };
    const bytes = await staging.latest();
    const counters = new Uint32Array(bytes, 0, 4);
    const ring = new Float32Array(bytes, recorded.counters.storage.length * 4, HISTORY);
    const played = counters[STEP] as number;
    const known = Math.min(played - this.#before.steps, HISTORY);
    const losses = Float32Array.from({ length: known }, (_, i) => ring[(played - known + i) % HISTORY] as number);
    return { refused: counters[REFUSED] as number, losses };
  }

  /** Copies the weights to the host. */
  weights(): Promise<NamedTensors> {
    return this.parameters.toHost();
  }

  /** Copies to the host what, with the weights, lets training go on bit for bit; give it back as `resume`. */
  async state(): Promise<TrainingState> {
    const { memory, recorded } = this.#workspace;
    const [state, window] = await Promise.all([
      readState(memory, recorded, this.parameters.layout, this.#steps),
      this.#window?.state(),
    ]);
    const choices = Object.fromEntries([...this.#choices, ...recorded.plan.choices]);
    return { ...state, choices, tensors: new Map([...state.tensors, ...(window ?? [])]) };
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    this.#shapes.dispose();
    this.#workspace.dispose();
  }
}
