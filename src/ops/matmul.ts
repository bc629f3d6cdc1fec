import { gemm } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { gemmVariant } from "./gemm-tiles.ts";

export interface Product {
  label: string;
  a: Tensor;
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
  /** First element of B within what is bound, for views that are not aligned. */
  bOffset?: number;
  /** First element of C, likewise. */
  cOffset?: number;
}

/** Records C[M, N] = op(A)[M, K] · op(B)[K, N] + bias. */
export function product(recorder: Recorder, options: Product): void {
  const { label, a, b, c, bias, m, n, k, bOffset = 0, cOffset = 0 } = options;
  const aStride = options.aStride ?? (options.transposeA ? m : k);
  const flags = {
    TRANSPOSE_A: options.transposeA ?? false,
    TRANSPOSE_B: options.transposeB ?? false,
    BIAS: bias !== undefined,
    ACCUMULATE: options.accumulate ?? false,
  };
  const { software, quads = false } = recorder.target;
  const shape = { m, n, k, flags, software, quads, aStride, bOffset, cOffset };
  const { constants, workgroups, ...chosen } = gemmVariant(shape);
  recorder.dispatch({
    label,
    variant: { kernel: gemm, flags: chosen.flags, constants },
    bindings: bias ? { a, b, c, bias } : { a, b, c },
    dims: { m, n, k, a_stride: aStride, b_offset: bOffset, c_offset: cOffset },
    workgroups,
    multiplyAdds: m * n * k,
  });
}
