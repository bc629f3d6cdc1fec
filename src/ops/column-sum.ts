import { columnSum } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";

/** Columns that a workgroup owns: a row of them is a cache line of 128 bytes. */
const COLUMNS = 32;

/** Records the gradient of a bias [N], or of two biases added to the same rows: the sum of dy [..., N] over its rows. */
export function biasGradient(recorder: Recorder, dy: Tensor, bias: Tensor, secondBias?: Tensor): void {
  const n = dy.shape.at(-1) as number;
  const out = recorder.gradientTarget(bias).tensor;
  const second = secondBias ? { out2: recorder.gradientTarget(secondBias).tensor } : {};
  recorder.dispatch({
    label: "bias_gradient",
    variant: { kernel: columnSum, flags: { PAIR: secondBias !== undefined }, constants: { COLUMNS } },
    bindings: { a: dy, out, ...second },
    dims: { m: sizeOf(dy.shape) / n, n },
    workgroups: [Math.ceil(n / COLUMNS), 1, 1],
  });
}
