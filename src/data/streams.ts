import { cursorWithin, list, onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";

/** B pieces of T ids that lie side by side. */
export interface StreamBatch {
  /** B rows [T] of ids. */
  inputs: Uint32Array[];
  /** B rows [T]: the id that follows each input. */
  targets: Uint32Array[];
  /** Whether the rows stand at the start of their streams, so that state carried so far does not belong to them. */
  start: boolean;
  /** Batches drawn up to this one and with it: as `from`, the next run goes on behind this batch. */
  cursor: number;
}

export interface StreamOptions {
  /** B, rows of a batch; each walks along its own stretch of the ids. */
  batch: number;
  /** T, ids a row goes forward in one batch. */
  time: number;
  /** How often to go through the ids; `Infinity` never ends. Default 1. */
  epochs?: number;
  /** The cursor of the last batch that an earlier run has seen. Default 0. */
  from?: number;
}

/** Batches in order; every iteration begins at `from` again. */
export interface Streams extends Iterable<StreamBatch> {
  /** Batches in one pass through the ids. */
  readonly batchesPerEpoch: number;
}

/**
 * Cuts ids into B parallel streams: row b of a batch runs on where row b of the batch before it stopped, which is what
 * state carried from step to step (truncated backpropagation through time) needs. The ids left over at the end of a
 * stream, fewer than T, are not used.
 * @param ids [N] with N >= B * T + 1; read while iterating, never copied as a whole
 * @throws WebgpuRnnError when a count is no positive whole number or the ids do not fill one batch
 */
export function streams(ids: Uint32Array, options: StreamOptions): Streams {
  const what = "streams";
  onlyKnown(what, options, ["batch", "time", "epochs", "from"]);
  const { batch, time, epochs = 1, from = 0 } = options;
  whole(`${what}: batch`, batch, 1);
  whole(`${what}: time`, time, 1);
  if (epochs !== Number.POSITIVE_INFINITY) whole(`${what}: epochs`, epochs, 1);
  list(what, ids, "ids");
  const needed = batch * time + 1;
  if (ids.length < needed) {
    throw refuse({
      what,
      expected: `at least ${needed} ids (batch ${batch} x time ${time} + 1)`,
      got: String(ids.length),
      cure: "give a longer text, or a smaller batch or time",
    });
  }
  const streamLength = Math.floor((ids.length - 1) / batch);
  const batchesPerEpoch = Math.floor(streamLength / time);
  cursorWithin(what, from, epochs * batchesPerEpoch);

  function* batches(): Generator<StreamBatch, void, undefined> {
    for (let drawn = from; drawn < epochs * batchesPerEpoch; drawn++) {
      const position = drawn % batchesPerEpoch;
      const rows = (ahead: number): Uint32Array[] =>
        Array.from({ length: batch }, (_, row) => {
          const begin = row * streamLength + position * time + ahead;
          return ids.slice(begin, begin + time);
        });
      yield { inputs: rows(0), targets: rows(1), start: position === 0, cursor: drawn + 1 };
    }
  }
  return { batchesPerEpoch, [Symbol.iterator]: batches };
}
