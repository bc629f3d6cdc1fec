import { columnSum } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";

/** Of a workgroup: the columns that it owns, a cache line of 128 bytes of each row, and invocations that share one. */
const TILE = { COLUMNS: 32, ROWS: 4 };
/** Most columns that one workgroup owns on the CPU, where several would wait longer for threads than they compute. */
const FEW = 128;

/** Records the gradient of a bias [N], or of two biases added to the same rows: the sum of dy [..., N] over its rows. */
export function biasGradient(recorder: Recorder, dy: Tensor, bias: Tensor, secondBias?: Tensor): void {
  const out = recorder.gradientTarget(bias).tensor;
  columnSums(recorder, "bias_gradient", dy, out, secondBias && recorder.gradientTarget(secondBias).tensor);
}

/** Records the sums of a [..., N] over its rows into `out` [N], and into a second tensor as well. */
export function columnSums(recorder: Recorder, label: string, a: Tensor, out: Tensor, second?: Tensor): void {
  const n = a.shape.at(-1) as number;
  const tile = recorder.target.software && n <= FEW ? { COLUMNS: n, ROWS: 1 } : TILE;
  recorder.dispatch({
    label,
    variant: { kernel: columnSum, flags: { PAIR: second !== undefined }, constants: tile },
    bindings: { a, out, ...(second ? { out2: second } : {}) },
    dims: { m: sizeOf(a.shape) / n, n },
    workgroups: [Math.ceil(n / tile.COLUMNS), 1, 1],
  });
}
