import { columnSum } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";

/** Columns that a workgroup owns: a row of them is a cache line of 128 bytes. */
const COLUMNS = 32;

/** Records the gradient of a bias [N], or of two biases added to the same rows: the sum of dy [..., N] over its rows. */
export function biasGradient(recorder: Recorder, dy: Tensor, bias: Tensor, secondBias?: Tensor): void {
  const out = recorder.gradientTarget(bias).tensor;
  columnSums(recorder, "bias_gradient", dy, out, secondBias && recorder.gradientTarget(secondBias).tensor);
}

/** Records the sums of a [..., N] over its rows into `out` [N], and into a second tensor as well. */
export function columnSums(recorder: Recorder, label: string, a: Tensor, out: Tensor, second?: Tensor): void {
  const n = a.shape.at(-1) as number;
  recorder.dispatch({
    label,
    variant: { kernel: columnSum, flags: { PAIR: second !== undefined }, constants: { COLUMNS } },
    bindings: { a, out, ...(second ? { out2: second } : {}) },
    dims: { m: sizeOf(a.shape) / n, n },
    workgroups: [Math.ceil(n / COLUMNS), 1, 1],
  });
}
