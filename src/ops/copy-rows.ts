import { copyRows as kernel } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";

/** Rows of a tensor by the numbers of elements that they lie at. */
export interface Rows {
  readonly tensor: Tensor;
  /** Where the first row begins. Default 0. */
  readonly first?: number;
  /** Elements from one row to the next. Default: as many as are copied. */
  readonly stride?: number;
}

interface RowsCopy {
  readonly label: string;
  readonly from: Rows;
  readonly to: Rows;
  /** Of what is written. */
  readonly rows: number;
  readonly columns: number;
  /** Rows after which `from` begins again. Default: all are there. */
  readonly period?: number;
  /** u32 [rows]: which row of `from` goes where. Default: in order. */
  readonly index?: Tensor;
  /** Adds to what is there. */
  readonly accumulate?: boolean;
}

/** Copies rows from one place to another. */
export function copyRows(recorder: Recorder, options: RowsCopy): void {
  const { label, from, to, rows, columns, period = rows, index, accumulate = false } = options;
  recorder.dispatch({
    label,
    variant: { kernel, flags: { INDEXED: index !== undefined, ACCUMULATE: accumulate } },
    bindings: { x: from.tensor, out: to.tensor, ...(index ? { index } : {}) },
    dims: {
      rows,
      columns,
      x_offset: from.first ?? 0,
      x_stride: from.stride ?? columns,
      x_rows: period,
      out_offset: to.first ?? 0,
      out_stride: to.stride ?? columns,
    },
    workgroups: elementwise(rows * columns),
  });
}
