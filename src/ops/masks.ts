import { drawMask as kernel } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

interface MaskOptions {
  /** Where the mask begins within the tensor. */
  readonly first: number;
  readonly length: number;
  /** Of zeros, in [0, 1). */
  readonly share: number;
  /** The value of all others. */
  readonly scale: number;
}

/** Draws a mask from the seed, the place in the model and the count of steps. */
export function drawMask(recorder: Recorder, out: Tensor, { first, length, share, scale }: MaskOptions): void {
  const { random } = recorder;
  if (!random) throw new Error("internal: a mask is drawn where nothing is random");
  recorder.dispatch({
    label: "draw_mask",
    variant: { kernel },
    bindings: { counters: random.counters, out },
    dims: { first, length, probability: share, scale, seed: random.seed, stream: recorder.nextStream() },
    workgroups: elementwise(length / 2),
  });
}
