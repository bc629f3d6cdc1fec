import { embeddingBackward, embeddingForward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { elementwise } from "./elementwise.ts";
import { embeddingTile } from "./embedding-tiles.ts";

/** Columns of the table that a workgroup of the backward kernel owns. */
const LANES = 64;

/**
 * Looks ids up in a table of vectors, as `torch.nn.Embedding`.
 * @param ids u32 [T, B]
 * @param table [V, E]
 * @returns [T, B, E]
 */
export function embed(recorder: Recorder, ids: Tensor, table: Tensor): Tensor {
  const [vocabulary, columns] = table.shape as [number, number];
  const rows = sizeOf(ids.shape);
  const out = recorder.scratch("output", [...ids.shape, columns]);
  recorder.dispatch({
    label: "lookup",
    variant: { kernel: embeddingForward },
    bindings: { ids, table, out },
    dims: { rows, columns },
    workgroups: elementwise(rows * columns),
  });
  recorder.onBackward(() => {
    const dout = recorder.gradient(out);
    const { tensor: dtable, accumulate } = recorder.gradientTarget(table);
    const tile = embeddingTile(vocabulary);
    recorder.dispatch({
      label: "weight_gradient",
      variant: { kernel: embeddingBackward, flags: { ACCUMULATE: accumulate }, constants: { ...tile, LANES } },
      bindings: { ids, dout, dtable },
      dims: { rows, columns, vocabulary },
      workgroups: [Math.ceil(vocabulary / tile.SPAN), Math.ceil(columns / LANES), 1],
    });
  });
  return out;
}
