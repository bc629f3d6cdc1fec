import { elementLoss as elementKernel, softmaxCrossEntropy, sum } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { lossTile } from "./loss-tiles.ts";
import { rowsGrid } from "./rows-grid.ts";

/** What a loss is computed from; a row is one step of one sequence, or one sequence where the model gives one step. */
export interface LossTensors {
  readonly output: Tensor; // [T, B, O]
  /** Ids, u32 [T, B], or numbers [T, B, O]. */
  readonly targets: Tensor;
  /**
   * [T, B] of what each row's loss is multiplied by: 1 / what all rows that count weigh together, 0 for the others; all 0
   * where none counts. Undefined: all by 1 / (T·B). Class weights are in the row's loss itself, so that with them the sum
   * of these is not 1.
   */
  readonly weights: Tensor | undefined;
  /** Its first element becomes the sum of all rows' losses times their weights. */
  readonly loss: Tensor;
}

/** Rows of a workgroup of the kernel `element_loss`. */
const ELEMENT_ROWS = 64;

export interface CrossEntropyOptions {
  /** Share of the target's probability that is spread evenly over all classes. */
  readonly smoothing: number;
  /** [V] what the term of each class is multiplied by. */
  readonly classes: Tensor | undefined;
}

/** Cross-entropy in nats of softmax(output) against target ids; in training its gradient comes with it. */
export function crossEntropy(recorder: Recorder, tensors: LossTensors, options: CrossEntropyOptions): void {
  const { output, targets, weights } = tensors;
  const { smoothing, classes } = options;
  const rows = sizeOf(targets.shape);
  const vocabulary = output.shape.at(-1) as number;
  const tile = lossTile(vocabulary);
  const losses = recorder.scratch("losses", targets.shape);
  recorder.dispatch({
    label: "cross_entropy",
    variant: {
      kernel: softmaxCrossEntropy,
      flags: { ...commonFlags(recorder, weights), SMOOTHED: smoothing > 0, CLASSES: classes !== undefined },
      constants: { ...tile },
    },
    bindings: {
      logits: output,
      targets,
      losses,
      ...(weights ? { weights } : {}),
      ...(classes ? { classes } : {}),
      ...(recorder.training ? { dlogits: recorder.gradientTarget(output).tensor } : {}),
    },
    dims: { rows, vocabulary, ...(smoothing > 0 ? { smoothing } : {}), ...(weights ? {} : { scale: 1 / rows }) },
    workgroups: rowsGrid(rows, tile.ROWS),
  });
  recordSum(recorder, losses, tensors.loss);
}

/** What `element_loss` compares outputs and targets by. */
export type ElementLoss = "SQUARED" | "ABSOLUTE" | "HUBER" | "BINARY";

/** The mean over the O outputs of a row of a loss of each; in training its gradient comes with it. */
export function elementLoss(
  recorder: Recorder,
  { output, targets, weights, loss }: LossTensors,
  { kind, ...dims }: { readonly kind: ElementLoss; readonly delta?: number },
): void {
  const [time, batch, width] = output.shape as [number, number, number];
  const rows = time * batch;
  const losses = recorder.scratch("losses", [time, batch]);
  recorder.dispatch({
    label: kind.toLowerCase(),
    variant: { kernel: elementKernel, flags: { ...commonFlags(recorder, weights), [kind]: true } },
    bindings: {
      output,
      targets,
      losses,
      ...(weights ? { weights } : {}),
      ...(recorder.training ? { doutput: recorder.gradientTarget(output).tensor } : {}),
    },
    dims: { rows, width, ...dims, ...(weights ? {} : { scale: 1 / rows }) },
    workgroups: rowsGrid(rows, ELEMENT_ROWS),
  });
  recordSum(recorder, losses, loss);
}

const commonFlags = ({ training }: Recorder, weights: Tensor | undefined) => ({
  GRADIENT: training,
  WEIGHTED: weights !== undefined,
});

function recordSum(recorder: Recorder, x: Tensor, out: Tensor): void {
  recorder.dispatch({
    label: "sum",
    variant: { kernel: sum },
    bindings: { x, out },
    dims: { length: sizeOf(x.shape) },
    workgroups: [1, 1, 1],
  });
}
