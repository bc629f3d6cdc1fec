import { mergeDirections, mergeDirectionsBackward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

/** How a bidirectional layer puts its two outputs together. */
export const MERGE_MODES = ["concat", "sum", "mean", "multiply"] as const;
export type MergeMode = (typeof MERGE_MODES)[number];

export interface MergeOptions {
  readonly states: Tensor;
  /** Where the outputs [T, B, W] of each direction begin within the states. */
  readonly first: readonly number[];
  readonly mode: MergeMode;
  /** [T, B]: 0 makes outputs 0. */
  readonly mask: Tensor | undefined;
  /** Only each direction's final output. */
  readonly last: boolean;
  /** The only direction runs backwards, so that its final output is that of t = 0. */
  readonly reverse: boolean;
  readonly shape: readonly [time: number, batch: number, width: number];
  /** Elements from one direction's gradients to the next one's. */
  readonly part: number;
}

/** @returns [T, B, W], [T, B, 2W] for concatenated directions; [1, B, ...] for final outputs */
export function recordMerge(recorder: Recorder, options: MergeOptions): Tensor {
  const { states, first, mask, last, shape } = options;
  const [time, batch, width] = shape;
  const rows = last ? batch : time * batch;
  const [forward, reverse] = first.map((at, d) => at + finalRow(options, d) * width) as [number, number?];
  const columns = first.length === 2 && options.mode === "concat" ? 2 * width : width;
  const out = recorder.scratch("output", [last ? 1 : time, batch, columns]);
  recorder.dispatch({
    label: "merge",
    variant: { kernel: mergeDirections, flags: flagsOf(options) },
    bindings: { states, out, ...(mask ? { mask } : {}) },
    dims: { rows, width, forward, reverse: reverse ?? 0 },
    workgroups: elementwise(rows * width),
  });
  return out;
}

/** @returns the gradients of the outputs of each direction, `part` elements apart */
export function recordMergeBackward(recorder: Recorder, options: MergeOptions, out: Tensor): Tensor {
  const { states, first, mode, mask, last, shape, part } = options;
  const [time, batch, width] = shape;
  const dh = recorder.scratch("d outputs", [first.length, part]);
  const { SUM: _, ...flags } = flagsOf(options); // a sum passes its gradient on as it is
  const multiply = first.length === 2 && mode === "multiply";
  const [forward, reverse] = first.map((at, d) => at + finalRow(options, d) * width) as [number, number?];
  recorder.dispatch({
    label: "merge_gradient",
    variant: { kernel: mergeDirectionsBackward, flags },
    bindings: { dout: recorder.gradient(out), dh, ...(multiply ? { states } : {}), ...(mask ? { mask } : {}) },
    dims: {
      rows: time * batch,
      width,
      forward,
      reverse: reverse ?? 0,
      part,
      out_rows: last ? batch : time * batch,
      forward_row: finalRow(options, 0),
      reverse_row: first.length === 2 ? finalRow(options, 1) : 0,
    },
    workgroups: elementwise(sizeOf(shape)),
  });
  return dh;
}

/** The row of a direction's outputs that the merged outputs begin with. */
function finalRow({ last, reverse, shape: [time, batch] }: MergeOptions, direction: number): number {
  return last && direction === 0 && !reverse ? (time - 1) * batch : 0;
}

const flagsOf = ({ first, mode, mask }: MergeOptions): Record<string, boolean> =>
  Object.fromEntries(
    Object.entries({
      BOTH: first.length === 2,
      [mode.toUpperCase()]: first.length === 2,
      MASKED: mask !== undefined,
    }).filter(([, on]) => on),
  );
