import { deviceBatch } from "../src/batch/device-batch.ts";
import { PAIR_NEEDS } from "../src/batch/needs.ts";
import { devicePairs } from "../src/batch/pairs.ts";
import { isEncoderDecoder } from "../src/nn/encoder-decoder.ts";

/** Puts a batch of any model into the device's order, without waiting for what reads it. */
export const readBatch: typeof deviceBatch = (model, ...given) =>
  isEncoderDecoder(model) ? devicePairs(model, ...given, PAIR_NEEDS) : deviceBatch(model, ...given);
