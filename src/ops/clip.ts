import { clip, sumSquares } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";

/** Workgroups of the norm: the most partial sums that one workgroup then adds. */
const MOST_PARTIALS = 256;
/** Elements that make a workgroup of the norm worth while: sixteen vectors of four for each of its 64 invocations. */
const ELEMENTS = 4096;

export interface ClipTensors {
  /** The whole slab of gradients. */
  readonly gradients: Tensor;
  /** Holds the loss; gets norm and scale. */
  readonly control: Tensor;
  readonly counters: Tensor;
  /** The ring of losses. */
  readonly losses: Tensor;
}

/**
 * Ends the backward pass: norm of all gradients, the factor that clips it as `torch.nn.utils.clip_grad_norm_` does,
 * and the refusal of a step that is not finite.
 * @param maxNorm 0 for no clipping
 * @param betas decay of Adam's moments, whose corrections are counted here
 */
export function clipByNorm(
  recorder: Recorder,
  { gradients, control, counters, losses }: ClipTensors,
  { maxNorm, betas: [beta1, beta2] }: { maxNorm: number; betas: readonly [number, number] },
): void {
  const length = sizeOf(gradients.shape);
  const groups = Math.min(Math.ceil(length / ELEMENTS), MOST_PARTIALS);
  const partials = recorder.scratch("partials", [groups, 2]);
  recorder.dispatch({
    label: "sum_squares",
    variant: { kernel: sumSquares },
    bindings: { x: gradients, partials },
    dims: { length },
    workgroups: [groups, 1, 1],
  });
  recorder.dispatch({
    label: "clip",
    variant: { kernel: clip },
    bindings: { partials, control, counters, losses },
    dims: { partials: groups, max_norm: maxNorm, beta1, beta2 },
    workgroups: [1, 1, 1],
  });
}
