import type { BatchShape } from "../batch/batch.ts";
import { readerOf } from "../batch/device-batch.ts";
import { onlyKnown, whole, wholeNumbers, wholeSeed, within } from "../check.ts";
import { REFUSED } from "../control.ts";
import { refuse } from "../errors.ts";
import { checkGpu, type Gpu } from "../gpu/device.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { checkLoss, type Loss } from "../losses/loss.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import { type Model, wholeModel } from "../nn/sequential.ts";
import { checkStepwise } from "../nn/stepwise.ts";
import { checkOptimizer, type Optimizer } from "../optim/optimizer.ts";
import { checkSchedule, type Schedule } from "../optim/schedules.ts";
import { initialMoments } from "../optim/update.ts";
import { WINDOW_NEEDS } from "./needs.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import { Rates } from "./rates.ts";
import { type LargestBatch, largestBatch, Shapes } from "./shapes.ts";
import { type Chosen, chooseStretch } from "./stretch.ts";
import { Trainer } from "./trainer.ts";
import { recordTraining, type TrainingPlan, trainingTensors } from "./training-plan.ts";
import { type TrainingState, writeState } from "./training-state.ts";
import { tune } from "./tune.ts";
import { Workspace } from "./workspace.ts";

export interface TrainerOptions extends LargestBatch {
  optimizer: Optimizer;
  /** What the outputs are compared with the targets by. Default: cross-entropy against ids. */
  loss?: Loss;
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
  /**
   * Steps that a loss flows back through in streams, k2 of truncated backpropagation through time with k1 = `time`: a
   * multiple of it. Batches with `start: false` reach into those before them, through what those have computed forward as
   * it was and the weights as they are by then; a shorter batch counts like any other. Takes the memory of window / time
   * batches. While the window holds a batch whose activations are not finite, updates are refused. Default `time`: states
   * are carried on, no gradient flows into the batch before.
   */
  window?: number;
  /**
   * Most bytes that the tensors of a step may take on the device, weights, moments and batch included. Where they would
   * take more, or a buffer would be longer than the device allows, the step is played in stretches of time: states are kept
   * where each begins, and what lies between is computed forward once more on the way back. The result changes by
   * rounding, and dropout draws other numbers. Layers must run forward in time. Default: no bound.
   */
  memory?: number;
  /** Weights to start from, or a program to share them with. Default: random weights. */
  from?: WeightSource;
  /** State of a trainer with the same model and options, to go on from; its weights are given as `from`. */
  resume?: TrainingState;
  /** Key of the random weights and of dropout, a whole number from 0 to 2³² − 1. Default 0. */
  seed?: number;
}

const NAMES: readonly (keyof TrainerOptions)[] = [
  "batch",
  "time",
  "targetTime",
  "optimizer",
  "loss",
  "schedule",
  "clipNorm",
  "clipValue",
  "freeze",
  "accumulate",
  "window",
  "memory",
  "from",
  "resume",
  "seed",
];

/**
 * Compiles a training step of a model and puts its weights on the device.
 * @throws WebgpuRnnError when an option is out of range, weights do not fit the model, or the device is too small
 */
export async function createTrainer(gpu: Gpu, model: Model, options: TrainerOptions): Promise<Trainer> {
  wholeModel("createTrainer", model);
  onlyKnown("createTrainer", options, NAMES);
  const largest = largestBatch("createTrainer", model, options);
  checkOptions(model, options);
  const { time, optimizer, loss = crossEntropy(), schedule, clipNorm = 0, clipValue = 0, freeze = [] } = options;
  const { accumulate = 1, window: reach = time, memory, from, resume, seed = 0 } = options;
  checkGpu("createTrainer", gpu);
  if (gpu.choices && !resume) await tune(gpu, model, { ...largest, training: true });
  const parameters = from ? Parameters.from(gpu, model, from) : Parameters.draw(gpu, model, seed);
  const { layout } = parameters;
  const choices = new Map([...(gpu.choices?.found ?? []), ...Object.entries(resume?.choices ?? {})]);
  const steps = resume?.steps ?? 0;
  const update = { optimizer, clipNorm, clipValue, freeze, accumulate, scheduled: schedule !== undefined };
  const chunks = reach / time;
  let windows: typeof import("./window.ts") | undefined;
  const recordFor = (stretches: number) => {
    const olderChunks = windows?.windowTensors(layout, WINDOW_NEEDS);
    const tensors = trainingTensors(layout, { ...update, olderChunks, stretches });
    const fixed = { ...update, tensors, loss, seed, target: { ...gpu.target, choices } };
    return (smaller: BatchShape, beside?: TrainingPlan) =>
      recordTraining(model, layout, { ...fixed, ...smaller, beside });
  };
  let chosen: Chosen | undefined;
  let rates: Rates | undefined;
  const workspace = await Workspace.create(
    parameters,
    async () => {
      if (chunks > 1) windows = await import("./window.ts");
      const asWhole = chunks > 1 || isEncoderDecoder(model) || model.layers.some(({ wholeSequence }) => wholeSequence);
      chosen = await chooseStretch(gpu, { ...largest, model, loss, memory, whole: asWhole, recordFor });
      return chosen.recorded;
    },
    (recorded, memory) => {
      for (const [tensor, data] of recorded.constants) memory.write(tensor, data);
      for (const [moment, values] of initialMoments(optimizer, recorded.moments)) memory.write(moment, values);
      if (resume) writeState(memory, recorded, layout, resume);
      rates = new Rates(memory, recorded, schedule, accumulate, steps);
      return [recorded.counters, recorded.losses];
    },
  );
  const { shape, record, recomputation: play } = chosen as NonNullable<typeof chosen>;
  const shapes = new Shapes(workspace.memory, workspace, shape, record, chunks);
  try {
    const { recorded, memory: buffers } = workspace;
    const read = await readerOf(model);
    const window = await windows?.createWindow(buffers, chunks, recorded, WINDOW_NEEDS);
    if (resume) window?.restore(resume.tensors, (saved) => shapes.get(saved, false));
    const recomputation = await play?.(buffers, shapes);
    const settings = { ...largest, loss, schedule, window: reach, memory, stretch: shape.time, seed, ...update };
    const refused = resume?.counters[REFUSED] ?? 0;
    return new Trainer({
      workspace,
      shapes,
      read,
      rates: rates as Rates,
      window,
      recomputation,
      settings,
      choices,
      steps,
      refused,
    });
  } catch (error) {
    shapes.dispose();
    workspace.dispose();
    throw error;
  }
}

function checkOptions(model: Model, options: TrainerOptions): void {
  const { optimizer, loss, schedule, clipNorm = 0, clipValue = 0, accumulate = 1, from, resume } = options;
  wholeNumbers("createTrainer", { accumulate });
  wholeSeed("createTrainer: seed", options.seed ?? 0);
  within("createTrainer: clipNorm", clipNorm, 0, Number.POSITIVE_INFINITY);
  within("createTrainer: clipValue", clipValue, 0, Number.POSITIVE_INFINITY);
  checkReach(model, options);
  if (schedule) checkSchedule("createTrainer: schedule", schedule);
  checkOptimizer("createTrainer: optimizer", optimizer);
  if (loss !== undefined) checkLoss("createTrainer: loss", loss);
  if (resume && !from) {
    throw refuse({ what: "createTrainer: from", expected: "the weights that belong to `resume`", got: "none" });
  }
}

function checkReach(model: Model, { time, window = time, memory }: TrainerOptions): void {
  if (!Number.isSafeInteger(window) || window < time || window % time !== 0) {
    throw refuse({ what: "createTrainer: window", expected: `a multiple of time, ${time}`, got: String(window) });
  }
  if (memory !== undefined) whole("createTrainer: memory", memory, 1);
  if (window === time) return;
  if (isEncoderDecoder(model)) {
    const expected = "time, for an encoder and a decoder, which carry nothing from batch to batch";
    throw refuse({ what: "createTrainer: window", expected, got: String(window) });
  }
  checkStepwise("createTrainer: window", model);
  if (memory !== undefined) {
    throw refuse({ what: "createTrainer", expected: "memory or a window longer than time", got: "both" });
  }
}
