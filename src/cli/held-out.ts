import { split } from "../data/split.ts";
import { type Streams, streams } from "../data/streams.ts";
import { refuse } from "../errors.ts";

/** Batches that a held-out row should last: its first characters are read without a past, which must not count much. */
const LASTING = 8;

/** A text cut in two. */
export interface Parts {
  readonly training: Uint32Array;
  /** Undefined where none is to be held out, or one of the parts would be too short. */
  readonly heldOut: HeldOut | undefined;
}

export interface HeldOut {
  readonly characters: number;
  readonly batch: number;
  readonly time: number;
  readonly batches: Streams;
}

/**
 * Cuts the end of a text off for the held-out loss, if what stays still fills a batch.
 * @param name of the text, for the message
 * @param share of the text
 * @throws WebgpuRnnError when the whole text does not fill a batch
 */
export function holdOut(name: string, ids: Uint32Array, batch: number, time: number, share: number): Parts {
  const needed = batch * time + 1;
  if (ids.length < needed) {
    throw refuse({
      what: name,
      expected: `at least ${needed} characters (--batch ${batch} × --time ${time} + 1)`,
      got: String(ids.length),
      cure: "give a longer text, or a smaller --batch or --time",
    });
  }
  if (share === 0) return { training: ids, heldOut: undefined };
  const { training, heldOut } = split(ids, share);
  if (training.length < needed || heldOut.length < time + 1) return { training: ids, heldOut: undefined };
  const rows = Math.floor((heldOut.length - 1) / (LASTING * time));
  const shape = { batch: Math.min(batch, Math.max(1, rows)), time };
  return { training, heldOut: { ...shape, characters: heldOut.length, batches: streams(heldOut, shape) } };
}
