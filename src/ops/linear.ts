import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { biasGradient } from "./column-sum.ts";
import { product } from "./matmul.ts";

export interface AffineMap {
  weight: Tensor; // [O, I]
  bias: Tensor; // [O]
}

/**
 * y = x · Wᵀ + b over the last axis, as `torch.nn.Linear`.
 * @param x [..., I]
 * @returns y [..., O]
 */
export function linear(recorder: Recorder, x: Tensor, { weight, bias }: AffineMap): Tensor {
  const [n, k] = weight.shape as [number, number];
  const m = sizeOf(x.shape) / k;
  const y = recorder.scratch("output", [...x.shape.slice(0, -1), n]);
  product(recorder, { label: "product", a: x, b: weight, transposeB: true, bias, c: y, m, n, k });
  recorder.onBackward(() => {
    const dy = recorder.gradient(y);
    inputGradient(recorder, { x, dy, weight });
    weightGradient(recorder, { x, dy, weight });
    biasGradient(recorder, dy, bias);
  });
  return y;
}

/** dx [N, I] = dy [N, O] · W [O, I], where x is not data. */
export function inputGradient(recorder: Recorder, { x, dy, weight }: { x: Tensor; dy: Tensor; weight: Tensor }): void {
  if (!recorder.wantsGradient(x)) return;
  const [k, n] = weight.shape as [number, number];
  const { tensor: c, accumulate } = recorder.gradientTarget(x);
  product(recorder, { label: "input_gradient", a: dy, b: weight, c, accumulate, m: sizeOf(dy.shape) / k, n, k });
}

/** dW [O, I] = dyᵀ [O, N] · x [N, I]; x may begin `xOffset` elements into what is bound. */
export function weightGradient(
  recorder: Recorder,
  { x, dy, weight, xOffset = 0 }: { x: Tensor; dy: Tensor; weight: Tensor; xOffset?: number },
): void {
  const [m, n] = weight.shape as [number, number];
  const { tensor: c, accumulate } = recorder.gradientTarget(weight);
  const k = sizeOf(dy.shape) / m;
  const label = `${parameterName(weight)}_gradient`;
  product(recorder, { label, a: dy, transposeA: true, b: x, bOffset: xOffset, c, accumulate, m, n, k });
}

/** The last part of a parameter's path: `weight_hh_l0` of `1.weight_hh_l0`. */
const parameterName = ({ name }: Tensor): string => name.slice(name.lastIndexOf(".") + 1);
