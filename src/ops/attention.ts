import { attentionKeysBackward, attentionQueriesBackward, attention as forward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { alignUp, sizeOf, type Tensor } from "../tensor.ts";
import { biasGradient } from "./column-sum.ts";
import { viewOf } from "./recurrent-layout.ts";
import { MOST_WORKGROUPS } from "./rows-grid.ts";

export interface Attention {
  readonly queries: Tensor; // [T, B, A]
  readonly keys: Tensor; // [S, B, A]
  readonly values: Tensor; // [S, B, C]
  /** [S, B]: 0 leaves a step out. */
  readonly mask: Tensor | undefined;
  /** [A], of an additive score; undefined: the score is the product of query and key. */
  readonly scoreWeight: Tensor | undefined;
}

/**
 * Means of the values, weighted by the softmax of how well their keys answer each query.
 * @returns the means [T, B, C] and the weights [T, B, S]
 */
export function attend(recorder: Recorder, given: Attention): { readonly context: Tensor; readonly weights: Tensor } {
  const { queries, keys, values, mask, scoreWeight } = given;
  const [time, batch, size] = queries.shape as [number, number, number];
  const [steps, , columns] = values.shape as [number, number, number];
  const rows = time * batch;
  const score = scoreWeight ? { score_weight: scoreWeight } : {};
  const flags = { ADDITIVE: scoreWeight !== undefined };
  const constants = lanes(recorder);
  const sizes = { batch, steps, size, columns };
  const second = alignUp(rows * steps);
  const attended = recorder.scratch("attended", [second + rows * columns]);
  const weights = viewOf(attended, "weights", 0, [time, batch, steps]);
  const context = viewOf(attended, "context", second, [time, batch, columns]);
  const multiplyAdds = rows * steps * (size + columns);
  recorder.dispatch({
    label: "attention",
    variant: { kernel: forward, flags: { ...flags, MASKED: mask !== undefined }, constants },
    bindings: { queries, keys, values, attended, ...score, ...(mask ? { mask } : {}) },
    dims: { rows, ...sizes, context: second },
    workgroups: groupsFor(rows),
    multiplyAdds,
  });
  recorder.onBackward(() => {
    const dcontext = recorder.gradient(context);
    const dscores = recorder.scratch("d scores", weights.shape);
    const { target, accumulate, scaled } = queryGradient(recorder, given);
    recorder.dispatch({
      label: "queries_gradient",
      variant: { kernel: attentionQueriesBackward, flags: { ...flags, ACCUMULATE: accumulate }, constants },
      bindings: {
        keys,
        values,
        attended,
        dcontext,
        dscores,
        dqueries: target,
        ...(scoreWeight ? { queries, ...score } : {}),
      },
      dims: { rows, ...sizes, context: second, ...(scaled ? { scaled: scaled.offset - target.offset } : {}) },
      workgroups: groupsFor(rows),
      multiplyAdds,
    });
    if (scoreWeight && scaled) biasGradient(recorder, scaled, scoreWeight);
    recorder.dispatch({
      label: "keys_gradient",
      variant: { kernel: attentionKeysBackward, flags, constants },
      bindings: {
        queries,
        weights,
        dscores,
        dcontext,
        ...(scoreWeight ? { keys, ...score } : {}),
        dkeys: first(recorder, keys),
        dvalues: first(recorder, values),
      },
      dims: { time, ...sizes },
      workgroups: groupsFor(steps * batch),
      multiplyAdds,
    });
  });
  return { context, weights };
}

/** Where the gradient of the queries goes; for an additive score with what the gradient of its weight is the sum of. */
function queryGradient(recorder: Recorder, { queries, scoreWeight }: Attention) {
  if (!scoreWeight) {
    const { tensor: target, accumulate } = recorder.gradientTarget(queries);
    return { target, accumulate, scaled: undefined };
  }
  const second = alignUp(sizeOf(queries.shape));
  const target = recorder.scratch("d queries", [2, second]);
  recorder.setGradient(queries, viewOf(target, "queries", 0, queries.shape));
  return { target, accumulate: false, scaled: viewOf(target, "scaled", second, queries.shape) };
}

/** The gradient of what nothing behind the attention reads. */
function first(recorder: Recorder, of: Tensor): Tensor {
  const { tensor, accumulate } = recorder.gradientTarget(of);
  if (accumulate) throw new Error(`internal: ${of.name} has a gradient before its attention gives one`);
  return tensor;
}

const groupsFor = (rows: number) => [Math.min(rows, MOST_WORKGROUPS), 1, 1] as const;

/**
 * Invocations that share a row. On a CPU fewer, since each costs its own way through the barriers and few sources have 64
 * steps: SwiftShader takes half the time of 64.
 */
const lanes = ({ target }: Recorder) => ({ LANES: target.software ? 16 : 64 });
