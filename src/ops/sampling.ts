import { whole, wholeSeed, within } from "../check.ts";
import { refuse } from "../errors.ts";
import { sample } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";

/** How tokens are drawn from logits. */
export interface SamplingOptions {
  /** Logits are divided by it; 0 takes the likeliest token, the lowest id on ties. Default 1. */
  temperature?: number;
  /** Only this many of the likeliest tokens are drawn; 0, V or more: all of them. Default 0. */
  topK?: number;
  /**
   * Only the likeliest tokens that together reach this probability are drawn, the one that crosses it included; after
   * temperature, top-k and renormalisation. Default 1: all of them.
   */
  topP?: number;
  /** Key of the draws, a whole number from 0 to 2³² − 1. Default 0. */
  seed?: number;
}

/** Label of the dispatch that draws, whose `Dims` each generation sets anew. */
export const DRAW = "draw";

/** Largest V for which every token is compared with every other; above it the digits of the logits are searched. */
const RANKED = 256;

/** @throws WebgpuRnnError when an option is out of range */
export function samplingDims({ temperature = 1, topK = 0, topP = 1, seed = 0 }: SamplingOptions) {
  within("temperature", temperature, 0, Number.POSITIVE_INFINITY);
  whole("topK", topK, 0);
  if (!(Math.fround(topP) >= 2 ** -126 && topP <= 1)) {
    throw refuse({ what: "topP", expected: "a number above 0 and at most 1", got: String(topP) });
  }
  wholeSeed("seed", seed);
  return { temperature, top_k: Math.min(topK, 2 ** 32 - 1), top_p: topP, seed };
}

export interface DrawTensors {
  readonly logits: Tensor; // [..., V]
  /** A ring of tokens; the one drawn is stored at its position, or the one found there is kept if it is the prompt's. */
  readonly tokens: Tensor; // u32 [B, capacity]
  /** Position of the token that gave the logits; moves on by one. */
  readonly cursor: Tensor; // u32 [B]
  /** Gets the token at the new position. */
  readonly next: Tensor; // u32 [..., B]
}

/** Draws a token for each row of logits. */
export function drawToken(recorder: Recorder, { logits, tokens, cursor, next }: DrawTensors): void {
  const [rows, capacity] = tokens.shape as [number, number];
  const vocabulary = logits.shape.at(-1) as number;
  recorder.dispatch({
    label: DRAW,
    variant: { kernel: sample, flags: { BY_RADIX: vocabulary > RANKED } },
    bindings: { logits, tokens, cursor, next },
    dims: { vocabulary, capacity, prompt_end: 0, ...samplingDims({}) },
    workgroups: [rows, 1, 1],
  });
}
