import type { Gpu } from "../../src/gpu/device.ts";
import { mergeDirectionsBackward as kernel } from "../../src/kernels.ts";
import { mergeDirectionsBackward as twin } from "../../src/oracle/merge_directions_backward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { type Merge, merges, partsOf, rowMask } from "./merge_directions.ts";
import { noise } from "./noise.ts";

/** @param last only the final outputs were merged: the last row of the forward direction, the first of the reverse one */
async function checkMerge(gpu: Gpu, merge: Merge, time: number, batch: number, width: number, last: boolean) {
  const { SUM: _, ...flags } = merge.flags; // a sum passes its gradient on as it is
  const rows = time * batch;
  const elements = rows * width;
  const [outRows, forwardRow] = last ? [batch, rows - batch] : [rows, 0];
  const [forward, reverse] = [3 + forwardRow * width, 3 + elements + 4];
  await checkDispatch(gpu, {
    variant: { kernel, flags },
    twin,
    dims: {
      rows,
      width,
      forward,
      reverse,
      part: elements + 2,
      out_rows: outRows,
      forward_row: forwardRow,
      reverse_row: 0,
    },
    buffers: {
      dout: noise(partsOf(merge) * outRows * width, 1),
      ...(flags.MULTIPLY ? { states: noise(reverse + elements, 2) } : {}),
      ...(flags.MASKED ? { mask: rowMask(rows, 3) } : {}),
      dh: noise((flags.BOTH ? 2 : 1) * (elements + 2), 4),
    },
    workgroups: [2, 1, 1],
    tolerance: { dh: (_, reference) => 2 ** -24 * Math.abs(reference) }, // one product is rounded
  });
}

export const cases: GpuCase[] = merges.map((merge) => ({
  name: `${merge.name}: one element, many, and final outputs only`,
  run: async (gpu) => {
    await checkMerge(gpu, merge, 1, 1, 1, false);
    await checkMerge(gpu, merge, 3, 2, 65, false);
    if (!merge.flags.MASKED) await checkMerge(gpu, merge, 3, 5, 17, true);
  },
}));
