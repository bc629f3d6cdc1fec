import { mean, softmaxCrossEntropy } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { lossTile } from "./loss-tiles.ts";
import { rowsGrid } from "./rows-grid.ts";

/**
 * Mean cross-entropy in nats of softmax(logits) against target ids, as `torch.nn.CrossEntropyLoss`.
 * In training its gradient comes with it.
 * @param logits [T, B, V]
 * @param targets u32 [T, B]
 * @param loss [1] or longer; its first element becomes the mean over all T · B rows
 */
export function crossEntropy(recorder: Recorder, logits: Tensor, targets: Tensor, loss: Tensor): void {
  const rows = sizeOf(targets.shape);
  const vocabulary = logits.shape.at(-1) as number;
  const losses = recorder.scratch("losses", targets.shape);
  const { training } = recorder;
  const tile = lossTile(vocabulary);
  recorder.dispatch({
    label: "cross_entropy",
    variant: { kernel: softmaxCrossEntropy, flags: { GRADIENT: training }, constants: { ...tile } },
    bindings: { logits, targets, losses, ...(training ? { dlogits: recorder.gradientTarget(logits).tensor } : {}) },
    dims: { rows, vocabulary, ...(training ? { scale: 1 / rows } : {}) },
    workgroups: rowsGrid(rows, tile.ROWS),
  });
  recorder.dispatch({
    label: "mean",
    variant: { kernel: mean },
    bindings: { x: losses, out: loss },
    dims: { length: rows },
    workgroups: [1, 1, 1],
  });
}
