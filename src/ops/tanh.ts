import { tanh as kernel } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

/** tanh x, element by element. */
export function tanh(recorder: Recorder, x: Tensor): Tensor {
  const length = sizeOf(x.shape);
  const y = recorder.scratch("tanh", x.shape);
  const common = { dims: { length }, workgroups: elementwise(length) };
  recorder.dispatch({ label: "tanh", variant: { kernel }, bindings: { x, y }, ...common });
  recorder.onBackward(() => {
    const [dy, dx] = [recorder.gradient(y), recorder.gradientTarget(x).tensor];
    const variant = { kernel, flags: { BACKWARD: true } };
    recorder.dispatch({ label: "tanh_gradient", variant, bindings: { y, dy, dx }, ...common });
  });
  return y;
}
