import { accumulate } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

/** total += gradients, slabs both. */
export function addGradients(recorder: Recorder, gradients: Tensor, total: Tensor): void {
  const length = sizeOf(total.shape);
  recorder.dispatch({
    label: "accumulate",
    variant: { kernel: accumulate, flags: { ADD: true } },
    bindings: { gradients, total },
    dims: { length, steps: 1 },
    workgroups: elementwise(length / 4),
  });
}
