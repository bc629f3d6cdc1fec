import type { BatchShape } from "../batch/batch.ts";
import type { Loss } from "../losses/loss.ts";
import { gradientSlabs, type ParameterLayout, twinSlab, whole } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import { clipByNorm } from "../ops/clip.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Plan } from "../plan/plan.ts";
import { Recorder, type Slabs } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { controlTensors } from "./control.ts";
import { batchTensors, type LossPlan, recordLoss, recordOnBatch } from "./loss-plan.ts";

/** What stays from step to step, whatever the shape of the batch. */
export interface TrainingTensors {
  readonly slabs: Slabs;
  /** Whole slabs, laid out as the parameters are. */
  readonly gradients: Tensor;
  readonly moments: Readonly<Record<string, Tensor>>;
  readonly control: Tensor;
  readonly counters: Tensor;
  readonly losses: Tensor;
}

export function trainingTensors(layout: ParameterLayout, { moments }: Optimizer): TrainingTensors {
  const slabs = gradientSlabs(layout);
  return {
    slabs,
    gradients: whole(slabs.gradients),
    moments: Object.fromEntries(moments.map((name) => [name, whole(twinSlab(layout, name))])),
    ...controlTensors(),
  };
}

export interface TrainingOptions
  extends Pick<BatchShape, "batch" | "time">,
    Partial<Omit<BatchShape, "batch" | "time">> {
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Largest norm of all gradients together; 0 for no clipping. */
  readonly clipNorm: number;
  /** Key of the random bits of dropout. */
  readonly seed: number;
  readonly target: Target;
  /** Default: new ones. */
  readonly tensors?: TrainingTensors;
  /** The plan for the largest batch, where this one is for a smaller. */
  readonly beside?: Plan | undefined;
}

/** A whole training step as a plan, and the tensors by which the host takes part in it. */
export interface TrainingPlan extends LossPlan, TrainingTensors {}

/** Records forward, loss, backward, clip and update of one step. Touches no device. */
export function recordTraining(model: Model, layout: ParameterLayout, options: TrainingOptions): TrainingPlan {
  const { masked = false, weighted = false, loss, optimizer, clipNorm, seed, target } = options;
  const { tensors = trainingTensors(layout, optimizer), beside } = options;
  const { slabs, gradients, moments, control, counters, losses } = tensors;
  const recorder = new Recorder({ target, slabs, random: { seed, counters } });
  const batch = batchTensors(model, loss, { ...options, masked, weighted });
  const { output, states } = recordOnBatch(recorder, model, layout, batch);
  const constants = recordLoss(recorder, loss, { output, ...batch, loss: control });
  recorder.backward();
  recorder.scope("optimizer", () => {
    clipByNorm(recorder, { gradients, control, counters, losses }, { maxNorm: clipNorm, betas: optimizer.betas });
    optimizer.record(recorder, { parameters: whole(layout.slab), gradients, moments, control });
  });
  return { ...tensors, ...batch, states, constants, plan: recorder.finish("training step", beside) };
}
