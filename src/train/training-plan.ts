import type { BatchShape } from "../batch/batch.ts";
import type { Loss } from "../losses/loss.ts";
import { gradientSlabs, type ParameterLayout } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import { addGradients } from "../ops/add-gradients.ts";
import { momentSlabs, recordUpdate, type UpdateOptions, type UpdateSlabs } from "../optim/update.ts";
import { Recorder } from "../plan/recorder.ts";
import type { Slabs } from "../plan/way.ts";
import { type Tensor, whole } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { controlTensors, ratesTensor } from "./control.ts";
import { batchTensors, type LossPlan, recordLoss, recordOnBatch } from "./loss-plan.ts";
import { addLosses, type RecomputationTensors, recomputationTensors } from "./recomputation-plan.ts";
import type { WindowPlan, WindowTensors } from "./window-plan.ts";

/** What stays from step to step, whatever the shape of the batch. */
export interface TrainingTensors extends UpdateSlabs {
  readonly slabs: Slabs;
  /** Where a loss flows through chunks before the latest. */
  readonly olderChunks?: WindowTensors | undefined;
  /** Where the step of a batch is played in stretches, of which this records one. */
  readonly recomputed?: RecomputationTensors | undefined;
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
  /** What is recorded for the largest batch, where this is for a smaller. */
  readonly beside?: Pick<TrainingPlan, "plan" | "window"> | undefined;
}

export function trainingTensors(
  layout: ParameterLayout,
  options: UpdateOptions &
    Pick<TrainingOptions, "scheduled"> &
    Pick<TrainingTensors, "olderChunks"> & { readonly stretches?: number },
): TrainingTensors {
  const { scheduled, olderChunks, stretches = 1 } = options;
  const slabs = gradientSlabs(layout);
  return {
    slabs,
    gradients: whole(slabs.gradients),
    moments: momentSlabs(layout, options),
    rates: scheduled ? ratesTensor() : undefined,
    olderChunks,
    recomputed: stretches > 1 ? recomputationTensors(layout, stretches) : undefined,
    ...controlTensors(),
  };
}

/** A whole training step as a plan, and the tensors by which the host takes part in it. */
export interface TrainingPlan extends LossPlan, TrainingTensors {
  /** The gradients of the initial states of each layer in turn; before the way back, of the final ones. */
  readonly dstates: readonly Tensor[];
  readonly window: WindowPlan | undefined;
}

/** Records forward, loss, backward, clip and update of one step. Touches no device. */
export function recordTraining(model: Model, layout: ParameterLayout, options: TrainingOptions): TrainingPlan {
  const { masked = false, weighted = false, loss, seed, target, beside } = options;
  const { tensors = trainingTensors(layout, options) } = options;
  const { slabs, control, counters, gradients: total, olderChunks, recomputed } = tensors;
  const random = { seed, counters: (olderChunks ?? recomputed)?.drawn ?? counters };
  const own = recomputed ? { ...slabs, gradients: recomputed.gradients.storage } : slabs;
  const recorder = new Recorder({ target, slabs: own, random, lasting: olderChunks !== undefined });
  if (recomputed) recorder.onBackward(() => addGradients(recorder, recomputed.gradients, total)); // first, so last back
  const batch = batchTensors(model, loss, { ...options, masked, weighted });
  const { output, states, carrying } = recordOnBatch(recorder, model, layout, batch);
  const constants = recordLoss(recorder, loss, { output, ...batch, loss: recomputed?.part ?? control });
  recorder.backward();
  const dstates = [...states.values()].map((state) => recorder.gradient(state));
  if (recomputed) addLosses(recorder, recomputed, control);
  recorder.scope("optimizer", () => recordUpdate(recorder, layout, tensors, options));
  const plan = recorder.finish("training step", beside?.plan);
  const window = olderChunks?.recordOlder(recorder, { states, carrying, plan, total, beside: beside?.window });
  return { ...tensors, ...batch, states, dstates, constants, plan, window };
}
