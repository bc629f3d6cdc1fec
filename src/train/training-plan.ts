import { gradientSlabs, type ParameterLayout, whole } from "../nn/parameters.ts";
import { type CarriedStates, recordModel } from "../nn/record.ts";
import type { Model } from "../nn/sequential.ts";
import { crossEntropy } from "../ops/loss.ts";
import { momentSlabs, recordUpdate, type UpdateOptions } from "../optim/update.ts";
import type { Plan } from "../plan/plan.ts";
import { Recorder } from "../plan/recorder.ts";
import { type Tensor, tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { controlTensors, ratesTensor } from "./control.ts";

export interface TrainingShape {
  /** B, sequences of a batch. */
  batch: number;
  /** T, time steps of a batch. */
  time: number;
}

export interface TrainingOptions extends TrainingShape, UpdateOptions {
  /** Whether a schedule's factors come from the host. Default false. */
  scheduled?: boolean;
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
  /** f32 [RING], where there is a schedule. */
  readonly rates: Tensor | undefined;
}

/** Records forward, loss, backward, clip and update of one step. Touches no device. */
export function recordTraining(model: Model, layout: ParameterLayout, options: TrainingOptions): TrainingPlan {
  const { batch, time, scheduled = false, seed, target } = options;
  const slabs = gradientSlabs(layout);
  const { control, counters, losses } = controlTensors();
  const recorder = new Recorder({ target, slabs, random: { seed, counters } });
  const inputs = tensor("inputs", [time, batch], { type: "u32" });
  const targets = tensor("targets", [time, batch], { type: "u32" });
  const moments = momentSlabs(layout, options);
  const rates = scheduled ? ratesTensor() : undefined;

  const { output, states } = recordModel(recorder, model, layout, inputs);
  recorder.scope("loss", () => crossEntropy(recorder, output, targets, control));
  recorder.backward();
  const gradients = whole(slabs.gradients);
  const update = { gradients, moments, control, counters, losses, rates };
  recorder.scope("optimizer", () => recordUpdate(recorder, layout, update, options));
  const plan = recorder.finish("training step");
  return { plan, inputs, targets, states, ...update };
}
