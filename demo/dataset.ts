import { split, streams } from "../src/data/index.ts";
import { type Batch, WebgpuRnnError } from "../src/index.ts";

/** B rows of T characters in a batch. */
export interface Shape {
  batch: number;
  time: number;
}

/** A text made ready: batches without end to learn from, and a few that are only measured. */
export interface Dataset {
  /** @param cursor batches drawn before, 0 for none */
  from(cursor: number): Iterable<Batch>;
  heldOutShape: Shape;
  /** The same ones every time. */
  heldOut: readonly Batch[];
  /** Nats a character that knowing how often each character occurs would cost: what a network has to beat. */
  frequencyLoss: number;
}

const TIME = 64;
const MOST_ROWS = 16;
const HELD_OUT = 0.1;
/** Enough for two digits of the loss, few enough to be measured in passing. */
const HELD_OUT_BATCHES = 8;

/** Below this the held-out tenth does not fill one row. */
const LEAST = Math.ceil((TIME + 1) / HELD_OUT);

/** As many rows as `characters` fill for so many batches one after the other, within 1 and 16. */
const shape = (characters: number, batches: number): Shape => ({
  time: TIME,
  batch: Math.min(MOST_ROWS, Math.max(1, Math.floor((characters - 1) / (TIME * batches)))),
});

/**
 * The largest batch, up to 16 rows of 64 characters, that the part of a text to learn from fills.
 * @throws WebgpuRnnError when the text is too short to learn from
 */
export function trainingShape(characters: number): Shape {
  if (characters >= LEAST) return shape(characters - Math.round(characters * HELD_OUT), 1);
  throw new WebgpuRnnError(`The text has ${characters} characters; to learn from it takes at least ${LEAST}.`);
}

/**
 * @param ids of the whole text
 * @throws WebgpuRnnError when the ids do not fill a batch of the shape
 */
export function readDataset(ids: Uint32Array, training: Shape): Dataset {
  const parts = split(ids, HELD_OUT);
  // Rows that go on for some batches: the first characters of a row are read without a past, which must not count much.
  const heldOutShape = shape(parts.heldOut.length, HELD_OUT_BATCHES);
  const batchesFrom = (from: number) =>
    streams(parts.training, { ...training, epochs: Number.POSITIVE_INFINITY, from });
  batchesFrom(0); // refuses what is too short
  return {
    from: batchesFrom,
    heldOutShape,
    heldOut: [...streams(parts.heldOut, heldOutShape)].slice(0, HELD_OUT_BATCHES),
    frequencyLoss: entropy(parts.training),
  };
}

/** Of the frequencies of the ids, in nats. */
function entropy(ids: Uint32Array): number {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / ids.length) * Math.log(count / ids.length), 0);
}
