import type { Loss } from "../losses/loss.ts";
import type { EncoderDecoder } from "../nn/encoder-decoder.ts";
import type { Announced, Batch, DeviceBatch } from "./batch.ts";
import type { PairNeeds } from "./needs.ts";
import type { Targets } from "./targets.ts";

const NAMES = ["inputs", "targets", "lengths", "mask", "targetLengths", "decoderInputs", "start", "cursor"];

/**
 * Checks a batch of an encoder–decoder model and puts it into the device's order. What its decoder reads and gives past a
 * row's target length touches nothing that counts, so that it needs no mask.
 * @throws WebgpuRnnError when something has another shape or is out of range
 */
export function devicePairs(
  model: EncoderDecoder,
  loss: Loss,
  given: Batch,
  announced: Announced,
  needs: PairNeeds,
): DeviceBatch {
  const { checkAnnounced, deviceInputs, deviceMask, deviceTargets, flag, lengthsMask, onlyKnown, refuse, whole } =
    needs;
  onlyKnown("batch", given, NAMES);
  flag("batch: start", given.start);
  if (given.start === false) {
    const cure = "leave start out: the encoder reads every batch from its first step on";
    throw refuse({ what: "batch: start", expected: "true for an encoder and a decoder", got: "false", cure });
  }
  const { batch, time, elements } = deviceInputs(model.encoder, given.inputs, "batch-first", announced.batch);
  checkAnnounced(batch, time, announced);
  const width = model.decoder.layers.at(-1)?.output as number;
  const targetTime = stepsOf(given.targets, batch, loss.targets === "ids" ? 1 : width);
  whole("targets: steps of a row", targetTime, 1, announced.targetTime);
  const mask = deviceMask(given, batch, time, true);
  const { targetLengths } = given;
  const counted = targetLengths && lengthsMask("targetLengths", targetLengths, batch, targetTime);
  const shape = { batch, time: targetTime, width };
  const targets = deviceTargets(loss, given.targets, shape, counted);
  return {
    batch,
    time,
    targetTime,
    masked: mask !== undefined,
    weighted: targets.weights !== undefined,
    inputs: elements,
    decoderInputs: decoderInputs(model, given, shape, targets.elements, needs),
    targets: targets.elements,
    mask,
    weights: targets.weights,
    weight: targets.weight,
  };
}

/** T′ of targets of B rows. */
function stepsOf(targets: Targets, batch: number, width: number): number {
  if (targets !== null && typeof targets === "object" && "data" in targets) return targets.shape[1] ?? 1;
  const first: unknown = targets?.[0];
  const row = typeof first === "object" && first !== null ? (first as ArrayLike<number>) : undefined;
  return (row ? row.length : (targets?.length ?? 0) / batch) / width;
}

/** What the decoder reads, [T′, B] or [T′, B, I]. */
function decoderInputs(
  { decoder, start }: EncoderDecoder,
  { decoderInputs: given }: Batch,
  { batch, time }: { readonly batch: number; readonly time: number },
  targets: DeviceBatch["targets"],
  { checkIds, deviceInputs, refuse }: PairNeeds,
): Uint32Array | Float32Array {
  if (given !== undefined) {
    const read = deviceInputs(decoder, given, "batch-first", batch);
    if (read.batch === batch && read.time === time) return read.elements;
    const got = `${read.batch} rows of ${read.time}`;
    throw refuse({ what: "decoderInputs", expected: `${batch} rows of ${time} steps, as the targets`, got });
  }
  if (start === undefined || !(targets instanceof Uint32Array)) {
    const cure = "give the model the id to start from, or the batch what the decoder reads";
    throw refuse({ what: "decoderInputs", expected: "target ids behind the model's start", got: "none", cure });
  }
  const shifted = new Uint32Array(time * batch).fill(start, 0, batch);
  shifted.set(targets.subarray(0, (time - 1) * batch), batch);
  checkIds("targets, as the decoder reads them", shifted, decoder.layers[0]?.config.vocabulary as number);
  return shifted;
}
