import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { addPartialSums, biasGradient } from "./column-sum.ts";
import { partsOfK } from "./gemm-tiles.ts";
import { product, products } from "./matmul.ts";

export interface AffineMap {
  readonly weight: Tensor; // [O, I]
  readonly bias?: Tensor | undefined; // [O]
}

interface LinearProduct extends AffineMap {
  readonly label: string;
  readonly x: Tensor; // [..., I]
  readonly y: Tensor; // [..., O]
}

/** y = x · Wᵀ + b over the last axis, without a way back. */
export function linearProduct(recorder: Recorder, { label, x, weight, bias, y }: LinearProduct): void {
  const [n, k] = weight.shape as [number, number];
  product(recorder, { label, a: x, b: weight, transposeB: true, bias, c: y, m: sizeOf(x.shape) / k, n, k });
}

/**
 * y = x · Wᵀ + b over the last axis, as `torch.nn.Linear`.
 * @param x [..., I]
 * @returns y [..., O]
 */
export function linear(recorder: Recorder, x: Tensor, { weight, bias }: AffineMap): Tensor {
  const y = recorder.scratch("output", [...x.shape.slice(0, -1), weight.shape[0] as number]);
  linearProduct(recorder, { label: "product", x, weight, bias, y });
  recorder.onBackward(() => {
    const dy = recorder.gradient(y);
    inputGradient(recorder, { x, dy, weight });
    weightGradient(recorder, { x, dy, weight });
    if (bias) biasGradient(recorder, dy, bias);
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

export interface WeightGradient {
  /** What was multiplied; may begin anywhere. */
  readonly x: Tensor; // [..., I]
  readonly dy: Tensor; // [..., at least `rows`]
  readonly weight: Tensor; // [O, I]
  /** Of the weight, to which the first columns of dy belong. Default: all, from the first. */
  readonly firstRow?: number;
  readonly rows?: number;
}

/** dW [O, I] = dyᵀ [O, N] · x [N, I]. */
export const weightGradient = (recorder: Recorder, options: WeightGradient): void =>
  weightGradients(recorder, [options]);

/** The same of weights of one shape, in as few dispatches as their places allow. */
export function weightGradients(recorder: Recorder, alike: readonly WeightGradient[]): void {
  const parts = alike.map(({ x, dy, weight, firstRow = 0, rows = weight.shape[0] as number }) => {
    const n = sizeOf(weight.shape.slice(1));
    const { tensor, accumulate } = recorder.gradientTarget(weight);
    const columns = dy.shape.at(-1) as number;
    return {
      label: `${parameterName(weight)}_gradient`,
      a: dy,
      transposeA: true,
      aStride: columns,
      b: x,
      c: { ...tensor, offset: tensor.offset + firstRow * n, shape: [rows, n] },
      accumulate: accumulate && firstRow === 0,
      m: rows,
      n,
      k: sizeOf(dy.shape) / columns,
    };
  });
  const [first] = parts;
  if (!first) return;
  if (first.accumulate) addPartialSums(recorder);
  // A gradient in scratch is read on the way back, and cannot wait for its end.
  const uncut = first.accumulate || first.c.storage.scratch;
  products(recorder, parts, uncut ? 1 : partsOfK(first, recorder.target, parts.length));
}

/** The last part of a parameter's path: `weight_hh_l0` of `1.weight_hh_l0`. */
const parameterName = ({ name }: Tensor): string => name.slice(name.lastIndexOf(".") + 1);
