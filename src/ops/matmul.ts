import { costsOf } from "../costs.ts";
import { gemm } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { bindable, type Tensor } from "../tensor.ts";
import { gemmVariant } from "./gemm-tiles.ts";
import { together } from "./parts.ts";

export interface Product {
  label: string;
  a: Tensor;
  /** May begin anywhere, as C may. */
  b: Tensor;
  /** Where the result goes. */
  c: Tensor; // [M, N]
  m: number;
  n: number;
  k: number;
  /** A is stored [K, M]. */
  transposeA?: boolean;
  /** B is stored [N, K]. */
  transposeB?: boolean;
  bias?: Tensor | undefined; // [N]
  /** C += instead of C =. */
  accumulate?: boolean;
  /** Elements from one row of A as it is stored to the next. Default: A is dense. */
  aStride?: number;
}

/** Milliseconds that products which share a dispatch take at most: a longer one gains nothing, and no submit ends within. */
const LONGEST = 10;

/** Records C[M, N] = op(A)[M, K] · op(B)[K, N] + bias. */
export const product = (recorder: Recorder, options: Product): void => products(recorder, [options]);

/**
 * Records products that are alike but for label, A, B and C, in as few dispatches as the places of these allow; any with a
 * bias by itself.
 * @param cut into how many parts K is cut, of A [K, M] and B [K, N] without a bias: each product then has a dispatch of its
 *   own, whose sums {@link Recorder.takePartialSums} hands over
 */
export function products(recorder: Recorder, alike: readonly Product[], cut = 1): void {
  if (alike.length === 0) return;
  const { bias, m, n, transposeA = false, transposeB = false, accumulate = false, ...options } = alike[0] as Product;
  const k = options.k / cut;
  const { aStride = transposeA ? m : k } = options;
  const flags = {
    TRANSPOSE_A: transposeA,
    TRANSPOSE_B: transposeB,
    BIAS: bias !== undefined,
    ACCUMULATE: accumulate,
  };
  const { software, quads = false } = recorder.target;
  const milliseconds = (m * n * k * costsOf(recorder.target).multiplyAdd) / 1000;
  const most = bias ? 1 : Math.max(1, Math.floor(LONGEST / milliseconds));
  const placed = alike.map(({ label, a, b, c }) => ({ label, bindings: { a, b, c } }));
  const dispatches =
    cut > 1
      ? placed.map(({ label, bindings: { c, ...operands } }) => ({
          label: `${label} in ${cut} parts of K`,
          count: cut,
          bindings: { ...operands, c: recorder.partialSums(c, cut) },
          distances: { a_part: k * aStride, b_part: k * n, c_part: m * n },
        }))
      : together(placed, most).map(({ parts: [{ label }, ...more], ...where }) => ({
          label: more.length > 0 ? `${label} and ${more.length} more` : label,
          count: 1 + more.length,
          ...where,
        }));
  for (const { label, count, bindings, distances } of dispatches) {
    const [b, c] = [bindable(bindings.b as Tensor), bindable(bindings.c as Tensor)];
    const places = { aStride, bOffset: b.first, cOffset: c.first, distances };
    const shape = { m, n, k, flags, software, quads, parts: count, ...places };
    const { constants, workgroups, ...chosen } = gemmVariant(shape);
    recorder.dispatch({
      label,
      variant: { kernel: gemm, flags: chosen.flags, constants },
      bindings: { a: bindings.a as Tensor, b: b.tensor, c: c.tensor, ...(bias ? { bias } : {}) },
      dims: { m, n, k, a_stride: aStride, b_offset: b.first, c_offset: c.first, ...distances },
      workgroups,
      multiplyAdds: count * m * n * k,
    });
  }
}
