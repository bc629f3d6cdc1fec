import { gradientSlabs, type ParameterLayout, twinSlab, whole } from "../nn/parameters.ts";
import { type CarriedStates, recordModel } from "../nn/record.ts";
import type { Model } from "../nn/sequential.ts";
import { clipByNorm } from "../ops/clip.ts";
import { crossEntropy } from "../ops/loss.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Plan } from "../plan/plan.ts";
import { Recorder } from "../plan/recorder.ts";
import { type Tensor, tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { controlTensors } from "./control.ts";

export interface TrainingShape {
  /** B, sequences of a batch. */
  batch: number;
  /** T, time steps of a batch. */
  time: number;
}

export interface TrainingOptions extends TrainingShape {
  optimizer: Optimizer;
  /** Largest norm of all gradients together; 0 for no clipping. */
  clipNorm: number;
  /** Key of the random bits of dropout. */
  seed: number;
  target: Target;
}

/** A whole training step as a plan, and the tensors by which the host takes part in it. */
export interface TrainingPlan {
  readonly plan: Plan;
  readonly inputs: Tensor; // u32 [T, B]
  readonly targets: Tensor; // u32 [T, B]
  readonly states: CarriedStates;
  /** Whole slabs, laid out as the parameters are. */
  readonly gradients: Tensor;
  readonly moments: Readonly<Record<string, Tensor>>;
  readonly control: Tensor;
  readonly counters: Tensor;
  readonly losses: Tensor;
}

/** Records forward, loss, backward, clip and update of one step. Touches no device. */
export function recordTraining(model: Model, layout: ParameterLayout, options: TrainingOptions): TrainingPlan {
  const { batch, time, optimizer, clipNorm, seed, target } = options;
  const slabs = gradientSlabs(layout);
  const { control, counters, losses } = controlTensors();
  const recorder = new Recorder({ target, slabs, random: { seed, counters } });
  const inputs = tensor("inputs", [time, batch], { type: "u32" });
  const targets = tensor("targets", [time, batch], { type: "u32" });
  const moments = Object.fromEntries(optimizer.moments.map((name) => [name, whole(twinSlab(layout, name))]));

  const { output, states } = recordModel(recorder, model, layout, inputs);
  recorder.scope("loss", () => crossEntropy(recorder, output, targets, control));
  recorder.backward();
  const gradients = whole(slabs.gradients);
  recorder.scope("optimizer", () => {
    clipByNorm(recorder, { gradients, control, counters, losses }, { maxNorm: clipNorm, betas: optimizer.betas });
    optimizer.record(recorder, { parameters: whole(layout.slab), gradients, moments, control });
  });
  const plan = recorder.finish("training step");
  return { plan, inputs, targets, states, gradients, moments, control, counters, losses };
}
