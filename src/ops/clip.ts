import { clip, sumSquares } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { alignUp, sizeOf, type Tensor } from "../tensor.ts";

/** Workgroups of a norm: the most partial sums of a stretch that one workgroup then adds. */
const MOST_PARTIALS = 256;
/** Elements that make a workgroup of the norm worth while: sixteen vectors of four for each of its 64 invocations. */
const ELEMENTS = 4096;

interface ClipTensors {
  /** The whole slab of gradients, or the stretches of it that count. */
  readonly gradients: readonly Tensor[];
  /** Holds the loss; gets norm, scale and rate. */
  readonly control: Tensor;
  readonly counters: Tensor;
  /** The ring of losses. */
  readonly losses: Tensor;
  /** The ring of the schedule's factors, where there is a schedule. */
  readonly rates?: Tensor | undefined;
}

interface ClipOptions {
  /** 0 for no clipping of the norm. */
  readonly maxNorm: number;
  /** 0 for no clipping of the elements. */
  readonly maxValue: number;
  /** Steps that share an update, by the mean of their gradients. */
  readonly accumulate: number;
  /** Decay of Adam's moments, whose corrections are counted here. */
  readonly betas: readonly [number, number];
}

/**
 * Ends the backward pass: norm of all gradients, the factor that clips it as `torch.nn.utils.clip_grad_norm_` does,
 * the bound of their elements as of `clip_grad_value_`, and the refusal of an update that is not finite.
 */
export function clipGradients(
  recorder: Recorder,
  { gradients, control, counters, losses, rates }: ClipTensors,
  { maxNorm, maxValue, accumulate, betas: [beta1, beta2] }: ClipOptions,
): void {
  const groups = gradients.map(({ shape }) => Math.min(Math.ceil(sizeOf(shape) / ELEMENTS), MOST_PARTIALS));
  const partials = partialSums(recorder, groups);
  let offset = 0;
  gradients.forEach((x, i) => {
    const count = groups[i] as number;
    recorder.dispatch({
      label: "sum_squares",
      variant: { kernel: sumSquares },
      bindings: { x, partials: { ...partials, shape: [count, 2], offset } },
      dims: { length: sizeOf(x.shape) },
      workgroups: [count, 1, 1],
    });
    offset += alignUp(2 * count);
  });
  recorder.dispatch({
    label: "clip",
    variant: { kernel: clip, flags: { SCHEDULE: rates !== undefined } },
    bindings: { partials, control, counters, losses, ...(rates ? { rates } : {}) },
    dims: { partials: sizeOf(partials.shape) / 2, accumulate, max_norm: maxNorm, max_value: maxValue, beta1, beta2 },
    workgroups: [1, 1, 1],
  });
}

/** Pairs of sums by stretch; what aligns several stretches is zero. */
function partialSums(recorder: Recorder, groups: readonly number[]): Tensor {
  if (groups.length === 1) return recorder.scratch("partials", [groups[0] as number, 2]);
  const length = groups.reduce((sum, count) => sum + alignUp(2 * count), 0);
  return recorder.zeros("partials", [length / 2, 2]);
}
