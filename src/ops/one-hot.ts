import { oneHot as kernel } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

/**
 * 1 at each id, else 0, as `torch.nn.functional.one_hot`. Nothing has a gradient here.
 * @param ids u32 [T, B]
 * @returns [T, B, V]
 */
export function oneHot(recorder: Recorder, ids: Tensor, vocabulary: number): Tensor {
  const rows = sizeOf(ids.shape);
  const out = recorder.data("output", [...ids.shape, vocabulary]);
  recorder.dispatch({
    label: "one_hot",
    variant: { kernel },
    bindings: { ids, out },
    dims: { rows, columns: vocabulary },
    workgroups: elementwise(rows * vocabulary),
  });
  return out;
}
