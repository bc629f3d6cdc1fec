import { sum } from "../kernels.ts";
import { type ParameterLayout, twinSlab } from "../nn/parameters.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor, tensor, whole } from "../tensor.ts";

/** What a step that is played in stretches of time keeps, whatever the shape of the batch. */
export interface RecomputationTensors {
  /** In place of the counters, for all that is drawn: each stretch has a number of its own. */
  readonly drawn: Tensor;
  /** The gradients of one stretch. */
  readonly gradients: Tensor;
  /** What one stretch makes of the loss. */
  readonly part: Tensor;
  /** What each does. */
  readonly parts: Tensor;
}

/** @param stretches of the longest batch */
export const recomputationTensors = (layout: ParameterLayout, stretches: number): RecomputationTensors => ({
  drawn: tensor("drawn", [4], { type: "u32" }),
  gradients: whole(twinSlab(layout, "gradients of a stretch")),
  part: tensor("loss of a stretch", [1]),
  parts: tensor("losses of stretches", [stretches]),
});

/** The loss of a step is the sum of what its stretches have made of it. */
export function addLosses(recorder: Recorder, { parts }: RecomputationTensors, loss: Tensor): void {
  recorder.dispatch({
    label: "loss",
    variant: { kernel: sum },
    bindings: { x: parts, out: loss },
    dims: { length: sizeOf(parts.shape) },
    workgroups: [1, 1, 1],
  });
}
