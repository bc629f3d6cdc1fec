import { flag, onlyKnown } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Loss } from "../losses/loss.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import type { Model } from "../nn/sequential.ts";
import type { Announced, Batch, DeviceBatch } from "./batch.ts";
import { checkAnnounced, deviceInputs, type Inputs } from "./inputs.ts";
import { deviceMask } from "./mask.ts";
import { PAIR_NEEDS } from "./needs.ts";
import { deviceTargets } from "./targets.ts";

const NAMES = ["inputs", "targets", "lengths", "mask", "start", "cursor"];

/** Whether a model gives one step for a whole sequence. */
export const givesOneStep = ({ layers }: Model): boolean => layers.some(({ pools }) => pools);

/** Checks a batch of one model and puts it into the device's order; throws as {@link deviceBatch} does. */
export type BatchReader = (loss: Loss, given: Batch, announced: Announced) => DeviceBatch;

export async function readerOf(model: Model): Promise<BatchReader> {
  if (!isEncoderDecoder(model)) return (...given) => deviceBatch(model, ...given);
  const pairs = await import("./pairs.ts");
  return (...given) => pairs.devicePairs(model, ...given, PAIR_NEEDS);
}

/**
 * Checks a batch of one sequence and puts it into the device's order.
 * @throws WebgpuRnnError when something has another shape or is out of range
 */
export function deviceBatch(model: Model, loss: Loss, given: Batch, announced: Announced): DeviceBatch {
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
