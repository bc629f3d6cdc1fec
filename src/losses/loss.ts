import { refuse } from "../errors.ts";
import type { LayerConfig } from "../nn/layer.ts";
import type { LossTensors } from "../ops/loss.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";

/** What a loss finds while it is recorded. */
export interface LossContext extends LossTensors {
  readonly recorder: Recorder;
  /** A tensor [N] that holds these numbers whenever the plan is played. */
  constant(name: string, data: Float32Array): Tensor;
}

/**
 * What training makes small, a plain description. The loss of a batch is the mean over all rows that count, each by its
 * weight: the steps of all sequences that lengths or a mask leave in, or, where the model gives one step for a sequence,
 * the sequences with at least one such step. Where no row counts it is 0.
 */
export interface Loss {
  readonly kind: string;
  /** All that it takes to make the loss again. */
  readonly config: LayerConfig;
  /** One id for each row, or a number for each output. */
  readonly targets: "ids" | "numbers";
  /** A target that makes its row count for nothing. */
  readonly ignoreIndex?: number | undefined;
  /** What a row with each target counts for; undefined: all alike. */
  readonly classWeights?: readonly number[] | undefined;
  /** Refuses a target that is a number. */
  check?(what: string, targets: ArrayLike<number>): void;
  /** Records the loss and, in training, the gradient of the outputs. */
  record(context: LossContext): void;
}

/** Refuses what records nothing, such as a loss that has not been called. */
export function checkLoss(what: string, loss: Loss): void {
  if (typeof loss?.record === "function") return;
  throw refuse({ what, expected: "a loss such as meanSquaredError()", got: String(loss) });
}
