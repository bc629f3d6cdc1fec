import { layerNormBackward as layerNormBackwardKernel, layerNorm as layerNormKernel } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { biasGradient } from "./column-sum.ts";
import { MOST_WORKGROUPS } from "./rows-grid.ts";

interface LayerNormForward {
  readonly x: Tensor; // [..., N]
  readonly gain: Tensor; // [N]
  readonly bias: Tensor | undefined; // [N]
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  readonly y: Tensor; // [..., N]
}

/** y = x, each row to mean 0 and variance 1, times gain, plus bias (Ba, Kiros & Hinton 2016). */
export function layerNormForward(recorder: Recorder, { x, gain, bias, y, epsilon }: LayerNormForward): void {
  recorder.dispatch({
    label: "layer_norm",
    variant: { kernel: layerNormKernel, flags: { BIAS: bias !== undefined } },
    bindings: bias ? { x, gain, bias, y } : { x, gain, y },
    ...rowsOf(x, epsilon),
  });
}

interface LayerNormBackward extends Omit<LayerNormForward, "y"> {
  readonly dy: Tensor; // [..., N]
  /** Where the gradient of x goes. */
  readonly dx: Tensor; // [..., N]
}

/** The gradients of x, gain and bias. */
export function layerNormBackward(recorder: Recorder, { x, gain, bias, dy, dx, epsilon }: LayerNormBackward): void {
  const scaled = recorder.scratch("scaled", x.shape);
  recorder.dispatch({
    label: "layer_norm_gradient",
    variant: { kernel: layerNormBackwardKernel },
    bindings: { x, gain, dy, dx, scaled },
    ...rowsOf(x, epsilon),
  });
  biasGradient(recorder, scaled, gain);
  if (bias) biasGradient(recorder, dy, bias);
}

/** As `torch.nn.LayerNorm` over the last axis. */
export function layerNorm(recorder: Recorder, x: Tensor, affine: Required<Omit<LayerNormForward, "x" | "y">>): Tensor {
  const y = recorder.scratch("output", x.shape);
  layerNormForward(recorder, { ...affine, x, y });
  recorder.onBackward(() => {
    const dx = recorder.gradientTarget(x).tensor;
    layerNormBackward(recorder, { ...affine, x, dy: recorder.gradient(y), dx });
  });
  return y;
}

function rowsOf({ shape }: Tensor, epsilon = 1e-5) {
  const columns = shape.at(-1) as number;
  const rows = sizeOf(shape) / columns;
  return { dims: { rows, columns, epsilon }, workgroups: [Math.min(rows, MOST_WORKGROUPS), 1, 1] as const };
}
