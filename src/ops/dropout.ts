import { dropout as dropoutKernel } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

/**
 * Sets a share of x to zero and scales the rest by 1 / (1 − share), in training only (inverted dropout).
 * The mask comes from the seed, the place in the model and the count of steps, so backward makes the same one again.
 */
export function dropout(recorder: Recorder, x: Tensor, share: number): Tensor {
  const { random } = recorder;
  if (share === 0 || !random) return x;
  const stream = recorder.nextStream();
  const mask = (label: string, from: Tensor, out: Tensor): void =>
    recorder.dispatch({
      label,
      variant: { kernel: dropoutKernel },
      bindings: { x: from, counters: random.counters, out },
      dims: { length: sizeOf(x.shape), probability: share, seed: random.seed, stream },
      workgroups: elementwise(sizeOf(x.shape)),
    });
  const out = recorder.scratch("dropout", x.shape);
  mask("dropout", x, out);
  recorder.onBackward(() => {
    if (recorder.wantsGradient(x)) mask("dropout_gradient", recorder.gradient(out), recorder.gradientTarget(x).tensor);
  });
  return out;
}
