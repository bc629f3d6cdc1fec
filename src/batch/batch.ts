import { flag, onlyKnown } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Loss } from "../losses/loss.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import type { Model } from "../nn/sequential.ts";
import { checkAnnounced, deviceInputs, type Inputs } from "./inputs.ts";
import { deviceMask, type RowSteps } from "./mask.ts";
import { devicePairs } from "./pairs.ts";
import { deviceTargets, type Targets } from "./targets.ts";

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

const NAMES = ["inputs", "targets", "lengths", "mask", "start", "cursor"];

/** The largest batch that is announced, in rows and in steps. */
export type Announced = Pick<BatchShape, "batch" | "time" | "targetTime">;

/** Whether a model gives one step for a whole sequence. */
export const givesOneStep = ({ layers }: Model): boolean => layers.some(({ pools }) => pools);

/**
 * Checks a batch and puts it into the device's order.
 * @throws WebgpuRnnError when something has another shape or is out of range
 */
export function deviceBatch(model: Model, loss: Loss, given: Batch, announced: Announced): DeviceBatch {
  if (isEncoderDecoder(model)) return devicePairs(model, loss, given, announced);
  onlyKnown("batch", given, NAMES);
  flag("batch: start", given.start);
  checkFlat(given.inputs, announced);
  const { batch, time, elements } = deviceInputs(model, given.inputs, "batch-first", announced.batch);
  checkAnnounced(batch, time, announced);
  const mask = deviceMask(given, batch, time, true);
  const oneStep = givesOneStep(model);
  const counted = oneStep ? mask && someStep(mask, batch) : mask;
  const shape = { batch, time: oneStep ? 1 : time, width: model.layers.at(-1)?.output as number };
  const targets = deviceTargets(loss, given.targets, shape, counted);
  return {
    batch,
    time,
    masked: mask !== undefined,
    weighted: targets.weights !== undefined,
    inputs: elements,
    targets: targets.elements,
    mask,
    weights: targets.weights,
    weight: targets.weight,
  };
}

/** [B]: 1 where a row takes any step. */
function someStep(mask: Float32Array, batch: number): Float32Array {
  const some = new Float32Array(batch);
  mask.forEach((on, i) => {
    if (on === 1) some[i % batch] = 1;
  });
  return some;
}

/** Refuses ids in one row unless they fill the announced batch: how many rows a smaller one has could only be guessed. */
function checkFlat(inputs: Inputs, { batch, time }: Announced): void {
  const ids = inputs as ArrayLike<unknown> | undefined;
  if (typeof ids?.[0] !== "number" || ids.length === batch * time) return;
  const cure = "give a smaller batch in rows";
  throw refuse({
    what: "inputs",
    expected: `${batch * time} ids (batch ${batch} × time ${time})`,
    got: String(ids.length),
    cure,
  });
}
