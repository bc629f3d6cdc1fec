import { poolTime, poolTimeBackward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

export interface PoolingOptions {
  readonly mode: "last" | "max" | "mean";
  /** First of the features that have run backwards in time, for "last". */
  readonly reversed: number;
  /** [T, B]: 0 leaves a step out. */
  readonly mask: Tensor | undefined;
}

/**
 * One step for each row in place of its sequence.
 * @param x [T, B, N]
 * @returns [1, B, N]; 0 for rows without a step
 */
export function poolOverTime(recorder: Recorder, x: Tensor, { mode, reversed, mask }: PoolingOptions): Tensor {
  const [time, batch, columns] = x.shape as [number, number, number];
  const y = recorder.scratch("output", [1, batch, columns]);
  const saved = recorder.scratch("saved", y.shape);
  const masked = { MASKED: mask !== undefined };
  recorder.dispatch({
    label: mode,
    variant: { kernel: poolTime, flags: { LAST: mode === "last", MAX: mode === "max", ...masked } },
    bindings: { x, y, saved, ...(mask ? { mask } : {}) },
    dims: { time, batch, columns, reversed },
    workgroups: elementwise(batch * columns),
  });
  recorder.onBackward(() => {
    if (!recorder.wantsGradient(x)) return;
    const mean = mode === "mean";
    recorder.dispatch({
      label: `${mode}_gradient`,
      variant: { kernel: poolTimeBackward, flags: { MEAN: mean, ...(mean ? masked : {}) } },
      bindings: {
        dy: recorder.gradient(y),
        saved,
        dx: recorder.gradientTarget(x).tensor,
        ...(mean && mask ? { mask } : {}),
      },
      dims: { time, batch, columns },
      workgroups: elementwise(sizeOf(x.shape)),
    });
  });
  return y;
}
