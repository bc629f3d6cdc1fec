import type { Inputs } from "./inputs.ts";
import type { RowSteps } from "./mask.ts";
import type { Targets } from "./targets.ts";

/** Sequences, and what a model's outputs for them should be. */
export interface Batch extends RowSteps {
  /** Ids [B, T], or features [B, T, I]. */
  inputs: Inputs;
  targets: Targets;
  /** False where the rows go on from the batch before, whose final states are then carried over. Default true. */
  start?: boolean;
  /**
   * Of encoder–decoder models: how many steps of each row's targets count, 0 to T′. What stands behind them, any id,
   * changes nothing. Default: all.
   */
  targetLengths?: ArrayLike<number>;
  /**
   * Of encoder–decoder models: what the decoder reads. Default: the targets, one step late, behind the model's `start`,
   * and 0 for each that the loss ignores.
   */
  decoderInputs?: Inputs;
}

/** Sizes that choose a plan. */
export interface BatchShape {
  readonly batch: number; // B
  readonly time: number; // T
  /** Steps of the targets, T′, where they are another sequence. */
  readonly targetTime?: number | undefined;
  /** Some rows take fewer steps. */
  readonly masked: boolean;
  /** Not all rows count alike. */
  readonly weighted: boolean;
}

/** A batch as the device takes it. */
export interface DeviceBatch extends BatchShape {
  readonly inputs: Uint32Array | Float32Array; // [T, B] or [T, B, I]
  readonly targets: Uint32Array | Float32Array; // [T, B] or [T, B, O]
  readonly decoderInputs?: Uint32Array | Float32Array | undefined; // [T′, B] or [T′, B, I]
  readonly mask: Float32Array | undefined; // [T, B]
  readonly weights: Float32Array | undefined; // [T, B], of the outputs
  /** What the rows weigh together: the loss is a mean over them. */
  readonly weight: number;
}

/** The largest batch that is announced, in rows and in steps. */
export type Announced = Pick<BatchShape, "batch" | "time" | "targetTime">;
