import type { BatchShape } from "../batch/batch.ts";
import type { Loss } from "../losses/loss.ts";
import { gradientSlabs, type ParameterLayout, whole } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import { momentSlabs, recordUpdate, type UpdateOptions, type UpdateSlabs } from "../optim/update.ts";
import type { Plan } from "../plan/plan.ts";
import { Recorder, type Slabs } from "../plan/recorder.ts";
import type { Target } from "../variant.ts";
import { controlTensors, ratesTensor } from "./control.ts";
import { batchTensors, type LossPlan, recordLoss, recordOnBatch } from "./loss-plan.ts";

/** What stays from step to step, whatever the shape of the batch. */
export interface TrainingTensors extends UpdateSlabs {
  readonly slabs: Slabs;
}

export interface TrainingOptions
  extends UpdateOptions,
    Pick<BatchShape, "batch" | "time">,
    Partial<Omit<BatchShape, "batch" | "time">> {
  readonly loss: Loss;
  /** Whether a schedule's factors come from the host. Default false. */
  readonly scheduled?: boolean;
  /** Key of the random bits of dropout. */
  readonly seed: number;
  readonly target: Target;
  /** Default: new ones. */
  readonly tensors?: TrainingTensors;
  /** The plan for the largest batch, where this one is for a smaller. */
  readonly beside?: Plan | undefined;
}

export function trainingTensors(
  layout: ParameterLayout,
  options: UpdateOptions & Pick<TrainingOptions, "scheduled">,
): TrainingTensors {
  const slabs = gradientSlabs(layout);
  return {
    slabs,
    gradients: whole(slabs.gradients),
    moments: momentSlabs(layout, options),
    rates: options.scheduled ? ratesTensor() : undefined,
    ...controlTensors(),
  };
}

/** A whole training step as a plan, and the tensors by which the host takes part in it. */
export interface TrainingPlan extends LossPlan, TrainingTensors {}

/** Records forward, loss, backward, clip and update of one step. Touches no device. */
export function recordTraining(model: Model, layout: ParameterLayout, options: TrainingOptions): TrainingPlan {
  const { masked = false, weighted = false, loss, seed, target, beside } = options;
  const { tensors = trainingTensors(layout, options) } = options;
  const { slabs, control, counters } = tensors;
  const recorder = new Recorder({ target, slabs, random: { seed, counters } });
  const batch = batchTensors(model, loss, { ...options, masked, weighted });
  const { output, states } = recordOnBatch(recorder, model, layout, batch);
  const constants = recordLoss(recorder, loss, { output, ...batch, loss: control });
  recorder.backward();
  recorder.scope("optimizer", () => recordUpdate(recorder, layout, tensors, options));
  return { ...tensors, ...batch, states, constants, plan: recorder.finish("training step", beside) };
}
