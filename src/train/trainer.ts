import { type Batch, type BatchShape, deviceBatch } from "../batch/batch.ts";
import { wholeSeed, within } from "../check.ts";
import { HISTORY, REFUSED, STEP } from "../control.ts";
import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { submit } from "../gpu/queue.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import type { Loss } from "../losses/loss.ts";
import type { Model } from "../nn/sequential.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Plan } from "../plan/plan.ts";
import type { NamedTensors } from "../tensor.ts";
import { Flow } from "./flow.ts";
import { writeBatch } from "./loss-plan.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import { type LargestBatch, largestBatch, largestShape, Shapes } from "./shapes.ts";
import { recordTraining, type TrainingPlan, trainingTensors } from "./training-plan.ts";
import { readState, type TrainingState, writeState } from "./training-state.ts";
import { forget, Workspace } from "./workspace.ts";

export interface TrainerOptions extends LargestBatch {
  optimizer: Optimizer;
  /** What the outputs are compared with the targets by. Default: cross-entropy against ids. */
  loss?: Loss;
  /** Scales all gradients down together where their norm is above this. Default: no clipping. */
  clipNorm?: number;
  /** Weights to start from, or a program to share them with. Default: random weights. */
  from?: WeightSource;
  /** State of a trainer of the same model, shape, optimizer and seed, to go on from; its weights are given as `from`. */
  resume?: TrainingState;
  /** Key of the random weights and of dropout, a whole number from 0 to 2³² − 1. Default 0. */
  seed?: number;
}

/** What the device says of the steps submitted so far. */
export interface Progress {
  /** Steps that changed no weight because their loss or gradient was not finite, over the whole run. */
  readonly refused: number;
  /** Mean losses in nats of the latest steps, at most 256, the last one last. */
  readonly losses: Float32Array;
}

/** What a trainer is made of. */
interface TrainerParts {
  readonly workspace: Workspace<TrainingPlan>;
  readonly shapes: Shapes<TrainingPlan>;
  readonly largest: LargestBatch;
  readonly loss: Loss;
  readonly steps: number;
}

/** Trains a model: owns its gradients, moments and activations. Made by {@link createTrainer}. */
export class Trainer {
  readonly model: Model;
  readonly parameters: Parameters;
  readonly #parts: TrainerParts;
  readonly #workspace: Workspace<TrainingPlan>;
  readonly #flow: Flow;
  /** Steps that another trainer has played, whose losses this one does not know. */
  readonly #before: number;
  #steps: number;

  constructor(parts: TrainerParts) {
    const { workspace, steps } = parts;
    this.model = workspace.parameters.model;
    this.parameters = workspace.parameters;
    this.#parts = parts;
    this.#workspace = workspace;
    this.#flow = new Flow(workspace.memory.gpu);
    this.#before = steps;
    this.#steps = steps;
  }

  /** Steps submitted so far. */
  get steps(): number {
    return this.#steps;
  }

  /** The recorded step for the largest batch; prints itself. */
  get plan(): Plan {
    return this.#workspace.recorded.plan;
  }

  /**
   * Plays one training step: one submit, nothing awaited, nothing read back. A batch smaller than announced, or one with
   * lengths or a mask, has a plan of its own, made at its first use over the same memory.
   * @throws WebgpuRnnError when the batch does not fit the announced shape, the model or the loss; nothing has changed then
   */
  step(batch: Batch): void {
    const { memory, staging } = this.#workspace;
    const { shapes, loss, largest } = this.#parts;
    memory.check();
    const given = deviceBatch(this.model, loss, batch, largest);
    const start = batch.start ?? true;
    const shaped = shapes.get(given, start);
    writeBatch(shaped.program, shaped.recorded, given);
    submit(memory.gpu, (encoder) => {
      if (start) forget(encoder, shaped);
      shaped.program.encode(encoder);
      staging.copy(encoder);
    });
    this.#steps += 1;
    this.#flow.submitted();
  }

  /** Resolves while fewer than a few steps are in flight; await it in every loop, or the queue grows without bound. */
  ready(): Promise<void> {
    return this.#flow.ready();
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
    this.#parts.shapes.dispose();
    this.#workspace.dispose();
  }
}

/**
 * Compiles a training step of a model and puts its weights on the device.
 * @throws WebgpuRnnError when an option is out of range, weights do not fit the model, or the device is too small
 */
export async function createTrainer(gpu: Gpu, model: Model, options: TrainerOptions): Promise<Trainer> {
  const { optimizer, loss = crossEntropy(), clipNorm = 0, from, resume, seed = 0 } = options;
  const largest = largestBatch("createTrainer", model, options);
  wholeSeed("createTrainer: seed", seed);
  within("createTrainer: clipNorm", clipNorm, 0, Number.POSITIVE_INFINITY);
  if (!optimizer) throw refuse({ what: "createTrainer: optimizer", expected: "one such as adam()", got: "none" });
  if (resume && !from) {
    throw refuse({ what: "createTrainer: from", expected: "the weights that belong to `resume`", got: "none" });
  }
  gpu.check();
  const parameters = from ? Parameters.from(gpu, model, from) : Parameters.draw(gpu, model, seed);
  const { layout } = parameters;
  const tensors = trainingTensors(layout, optimizer);
  const settings = { tensors, loss, optimizer, clipNorm, seed, target: gpu.target };
  const record = (shape: BatchShape, beside?: Plan): TrainingPlan =>
    recordTraining(model, layout, { ...settings, ...shape, beside });
  const shape = largestShape(largest, loss);
  const workspace = await Workspace.create(
    parameters,
    () => record(shape),
    (recorded, memory) => {
      if (resume) writeState(memory, recorded, layout, resume);
      for (const [tensor, data] of recorded.constants) memory.write(tensor, data);
      return [recorded.counters, recorded.losses];
    },
  );
  const shapes = new Shapes(workspace.memory, workspace, shape, record);
  return new Trainer({ workspace, shapes, largest, loss, steps: resume?.steps ?? 0 });
}
