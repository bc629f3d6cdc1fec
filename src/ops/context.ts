import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { columnSums } from "./column-sum.ts";
import { copyRows } from "./copy-rows.ts";
import type { StatePlace } from "./hand-over.ts";

/**
 * Puts states [B, C] of an encoder behind the inputs of every step.
 * @param x [T, B, I]
 * @param states side by side
 * @returns [T, B, I + ΣC]
 */
export function recordContext(recorder: Recorder, x: Tensor, states: readonly StatePlace[]): Tensor {
  const [time, batch, inputs] = x.shape as [number, number, number];
  const stride = states.reduce((sum, { shape: [, width] }) => sum + width, inputs);
  const rows = time * batch;
  const y = recorder.scratch("output", [time, batch, stride]);
  copyRows(recorder, { label: "inputs", from: { tensor: x }, to: { tensor: y, stride }, rows, columns: inputs });
  let column = inputs;
  const places = states.map((state) => {
    const first = column;
    column += state.shape[1];
    return { ...state, first, columns: state.shape[1] };
  });
  for (const { tensor, offset, first, columns } of places) {
    const [from, to] = [
      { tensor, first: offset },
      { tensor: y, first, stride },
    ];
    copyRows(recorder, { label: "context", from, to, rows, columns, period: batch });
  }
  recorder.onBackward(() => {
    const dy = recorder.gradient(y);
    if (recorder.wantsGradient(x)) {
      const { tensor, accumulate } = recorder.gradientTarget(x);
      const label = "inputs_gradient";
      copyRows(recorder, { label, from: { tensor: dy, stride }, to: { tensor }, rows, columns: inputs, accumulate });
    }
    const sum = recorder.scratch("sum over time", [batch * stride]);
    columnSums(recorder, "context_sum", [{ a: { ...dy, shape: [time, batch * stride] }, out: sum }]);
    for (const { tensor, offset, first, columns } of places) {
      copyRows(recorder, {
        label: "context_gradient",
        from: { tensor: sum, first, stride },
        to: { tensor: recorder.gradient(tensor), first: offset },
        rows: batch,
        columns,
        accumulate: true,
      });
    }
  });
  return y;
}
