import { wholeNumbers, wholeSeed, within } from "../check.ts";
import { HISTORY, REFUSED, STEP } from "../control.ts";
import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { submit } from "../gpu/queue.ts";
import type { Model } from "../nn/sequential.ts";
import { type Optimizer, SMALLEST } from "../optim/optimizer.ts";
import { checkSchedule, type Schedule } from "../optim/schedules.ts";
import { initialMoments } from "../optim/update.ts";
import type { Plan } from "../plan/plan.ts";
import type { NamedTensors } from "../tensor.ts";
import { type Batch, BatchWriter, vocabularyOf } from "./batch.ts";
import { Flow } from "./flow.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import { Rates } from "./rates.ts";
import { recordTraining, type TrainingPlan, type TrainingShape } from "./training-plan.ts";
import { readState, type TrainingState, writeState } from "./training-state.ts";
import { Workspace } from "./workspace.ts";

export interface TrainerOptions extends TrainingShape {
  optimizer: Optimizer;
  /**
   * What the learning rate is multiplied by, by updates that were applied: a refused one does not move it (until 4,096
   * have been refused). Default: nothing.
   */
  schedule?: Schedule;
  /** Scales all gradients down together where their norm is above this (`clip_grad_norm_`). Default: no clipping. */
  clipNorm?: number;
  /** Bounds each element of the gradients, after their norm (`clip_grad_value_`). Default: no clipping. */
  clipValue?: number;
  /**
   * Names of parameters that never change, such as `0.weight`, or of layers with a point, `0.`; their gradients do not
   * count in the norm. Default: none.
   */
  freeze?: readonly string[];
  /** Steps that share an update by the mean of their gradients, from 1 to 65,536. Default 1. */
  accumulate?: number;
  /** Weights to start from, or a program to share them with. Default: random weights. */
  from?: WeightSource;
  /** State of a trainer with the same model and options, to go on from; its weights are given as `from`. */
  resume?: TrainingState;
  /** Key of the random weights and of dropout, a whole number from 0 to 2³² − 1. Default 0. */
  seed?: number;
}

/** What the device says of the steps submitted so far. */
export interface Progress {
  /** Updates that changed no weight because a loss or gradient was not finite, over the whole run. */
  readonly refused: number;
  /** Mean losses in nats of the latest steps, at most 256, the last one last. */
  readonly losses: Float32Array;
}

/** Trains a model: owns its gradients, moments and activations. Made by {@link createTrainer}. */
export class Trainer {
  readonly model: Model;
  readonly parameters: Parameters;
  readonly #workspace: Workspace<TrainingPlan>;
  readonly #batches: BatchWriter;
  readonly #rates: Rates;
  readonly #flow: Flow;
  /** Steps that another trainer has played, whose losses this one does not know. */
  readonly #before: number;
  #steps: number;

  constructor(workspace: Workspace<TrainingPlan>, rates: Rates, steps: number) {
    const { parameters, memory, recorded } = workspace;
    this.model = parameters.model;
    this.parameters = parameters;
    this.#workspace = workspace;
    this.#batches = new BatchWriter(memory, recorded, parameters.model);
    this.#rates = rates;
    this.#flow = new Flow(memory.gpu);
    this.#before = steps;
    this.#steps = steps;
  }

  /** Steps submitted so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The recorded step; prints itself. */
  get plan(): Plan {
    return this.#workspace.recorded.plan;
  }

  /**
   * Plays one training step: one submit, nothing awaited, nothing read back.
   * @throws WebgpuRnnError when the ids do not fit the announced shape or the model, or the schedule gives a factor that
   *   is negative or not finite; nothing has changed then
   */
  step(batch: Batch): void {
    const { memory, program, staging } = this.#workspace;
    this.#rates.write(this.#steps);
    this.#batches.write(batch);
    submit(memory.gpu, (encoder) => {
      if (batch.start ?? true) this.#workspace.forget(encoder);
      program.encode(encoder);
      staging.copy(encoder);
    });
    this.#steps += 1;
    this.#flow.submitted();
  }

  /** Resolves while fewer than a few steps are in flight; await it in every loop, or the queue grows without bound. */
  ready(): Promise<void> {
    return this.#flow.ready();
  }

  /**
   * Multiplies the learning rate of all steps submitted from now on, beside the schedule; it takes the place of the factor
   * given before, and is part of {@link state}.
   * @param factor above 0
   */
  scaleRate(factor: number): void {
    within("scaleRate: factor", factor, SMALLEST, Number.POSITIVE_INFINITY);
    this.#rates.scale(factor);
  }

  /** Mean loss in nats of the latest submitted step, before its update; NaN before the first. Waits for the GPU. */
  async loss(): Promise<number> {
    return (await this.progress()).losses.at(-1) ?? Number.NaN;
  }

  /** Losses of the latest steps that this trainer has submitted. Waits for the GPU. */
  async progress(): Promise<Progress> {
    const { memory, recorded, staging } = this.#workspace;
    memory.check();
    if (this.#steps === this.#before) return { refused: 0, losses: new Float32Array() };
    const bytes = await staging.latest();
    const counters = new Uint32Array(bytes, 0, 4);
    const ring = new Float32Array(bytes, recorded.counters.storage.length * 4, HISTORY);
    const played = counters[STEP] as number;
    const known = Math.min(played - this.#before, HISTORY);
    const losses = Float32Array.from({ length: known }, (_, i) => ring[(played - known + i) % HISTORY] as number);
    return { refused: counters[REFUSED] as number, losses };
  }

  /** Copies the weights to the host. */
  weights(): Promise<NamedTensors> {
    return this.parameters.toHost();
  }

  /** Copies to the host what, with the weights, lets training go on bit for bit; give it back as `resume`. */
  state(): Promise<TrainingState> {
    const { memory, recorded } = this.#workspace;
    return readState(memory, recorded, this.parameters.layout, this.#steps);
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    this.#workspace.dispose();
  }
}

/**
 * Compiles a training step of a model and puts its weights on the device.
 * @throws WebgpuRnnError when an option is out of range, weights do not fit the model, or the device is too small
 */
export async function createTrainer(gpu: Gpu, model: Model, options: TrainerOptions): Promise<Trainer> {
  const { batch, time, optimizer, schedule, clipNorm = 0, clipValue = 0, freeze = [], accumulate = 1 } = options;
  const { from, resume, seed = 0 } = options;
  wholeNumbers("createTrainer", { batch, time, accumulate });
  wholeSeed("createTrainer: seed", seed);
  within("createTrainer: clipNorm", clipNorm, 0, Number.POSITIVE_INFINITY);
  within("createTrainer: clipValue", clipValue, 0, Number.POSITIVE_INFINITY);
  if (schedule) checkSchedule("createTrainer: schedule", schedule);
  if (!optimizer) throw refuse({ what: "createTrainer: optimizer", expected: "one such as adam()", got: "none" });
  if (resume && !from) {
    throw refuse({ what: "createTrainer: from", expected: "the weights that belong to `resume`", got: "none" });
  }
  vocabularyOf(model);
  gpu.check();
  const parameters = from ? Parameters.from(gpu, model, from) : Parameters.draw(gpu, model, seed);
  const steps = resume?.steps ?? 0;
  const update = { optimizer, clipNorm, clipValue, freeze, accumulate, scheduled: schedule !== undefined };
  let rates: Rates | undefined;
  const workspace = await Workspace.create(
    parameters,
    (layout) => recordTraining(model, layout, { batch, time, ...update, seed, target: gpu.target }),
    (recorded, memory) => {
      for (const [moment, values] of initialMoments(optimizer, recorded.moments)) memory.write(moment, values);
      if (resume) writeState(memory, recorded, parameters.layout, resume);
      rates = new Rates(memory, recorded, schedule, accumulate, steps);
      return [recorded.counters, recorded.losses];
    },
  );
  return new Trainer(workspace, rates as Rates, steps);
}
