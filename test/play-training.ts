import type { Batch, DeviceBatch } from "../src/batch/batch.ts";
import { LOSS, NORM } from "../src/control.ts";
import { layOut } from "../src/nn/parameters.ts";
import type { Model } from "../src/nn/sequential.ts";
import { OracleMemory, playPlan } from "../src/oracle/play.ts";
import type { Plan } from "../src/plan/plan.ts";
import { type NamedTensors, type Storage, sizeOf, type Tensor } from "../src/tensor.ts";
import type { TrainerOptions } from "../src/train/create-trainer.ts";
import { WINDOW_NEEDS } from "../src/train/needs.ts";
import { largestShape } from "../src/train/shapes.ts";
import { recordTraining, trainingTensors } from "../src/train/training-plan.ts";
import { windowTensors } from "../src/train/window-plan.ts";
import { PlayedWindow } from "./play-window.ts";
import { readBatch } from "./read-batch.ts";

/** WebGPU's default target. */
export const TARGET = { storage: 16_384, invocations: 256, software: false };

/** What the float64 twins make of a training. */
export interface PlayedTraining {
  readonly losses: readonly number[];
  /** Of all gradients together, before clipping. */
  readonly norms: readonly number[];
  readonly weights: ReadonlyMap<string, ArrayLike<number>>;
}

type Options = Required<Pick<TrainerOptions, "batch" | "time" | "loss" | "optimizer" | "clipNorm">> & {
  readonly from: NamedTensors;
  /** Of encoder–decoder models. */
  readonly targetTime?: number | undefined;
  /** Default `time`. */
  readonly window?: number;
  /** Whether recurrent weights are read as float16. Default false. */
  readonly half?: boolean;
};

/** A training as a trainer does it, each plan in the buffers that it has on the device but played by the twins. */
export function playTraining(
  model: Model,
  batches: readonly Batch[],
  { from, window, half = false, ...options }: Options,
): PlayedTraining {
  const { loss } = options;
  const layout = layOut(model);
  const chunks = (window ?? options.time) / options.time;
  const olderChunks = chunks > 1 ? windowTensors(layout, WINDOW_NEEDS) : undefined;
  const tensors = trainingTensors(layout, { ...options, olderChunks });
  const settings = { ...options, seed: 0, target: { ...TARGET, half }, tensors };
  const largest = recordTraining(model, layout, { ...settings, ...largestShape(options, loss) });
  const memory = new OracleMemory();
  const played = new PlayedWindow(memory, chunks, inPlace);
  for (const [name, { data }] of from) memory.write(layout.tensors.get(name) as Tensor, data);

  const steps = batches.map((batch) => {
    const given = readBatch(model, loss, batch, options);
    const { batch: rows, time, targetTime, masked, weighted } = given;
    const shape = { batch: rows, time, targetTime, masked, weighted };
    const recorded = recordTraining(model, layout, { ...settings, ...shape, beside: largest });
    const write = (to: Tensor, elements: ArrayLike<number>): void => memory.write(placed(recorded.plan, to), elements);
    write(recorded.inputs, given.inputs);
    if (recorded.decoderInputs) write(recorded.decoderInputs, given.decoderInputs as ArrayLike<number>);
    write(recorded.targets, given.targets);
    if (recorded.mask) write(recorded.mask, given.mask as Float32Array);
    if (recorded.weights) write(recorded.weights, exactWeights(given));
    for (const [constant, data] of recorded.constants) write(constant, data);
    if (batch.start ?? true) {
      for (const state of recorded.states.values()) write(state, new Float64Array(sizeOf(state.shape)));
    }
    if (chunks > 1) played.play(recorded, batch.start ?? true);
    else playPlan(inPlace(recorded.plan), memory);
    return memory.read(recorded.control);
  });
  return {
    losses: steps.map((control) => control[LOSS] as number),
    norms: steps.map((control) => control[NORM] as number),
    weights: new Map([...layout.tensors].map(([name, tensor]) => [name, memory.read(tensor)])),
  };
}

/** The weights of rows without their rounding to float32. */
export const exactWeights = ({ weights, weight }: Pick<DeviceBatch, "weights" | "weight">): Float64Array =>
  Float64Array.from(weights ?? [], (row) => (row === 0 ? 0 : 1 / weight));

/** A plan whose tensors lie in the buffers that they share on the device. */
function inPlace(plan: Plan): Pick<Plan, "steps" | "zeros"> {
  const { steps, zeros } = plan;
  return {
    steps: steps.map((step) => ({
      ...step,
      bindings: Object.fromEntries(Object.entries(step.bindings).map(([name, tensor]) => [name, placed(plan, tensor)])),
    })),
    zeros: zeros.map((storage) => storageOf(plan, storage)),
  };
}

const placed = (plan: Plan, tensor: Tensor): Tensor => ({ ...tensor, storage: storageOf(plan, tensor.storage) });

const storageOf = ({ placement }: Plan, storage: Storage): Storage => placement.get(storage) ?? storage;
