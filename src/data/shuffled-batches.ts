import { cursorWithin, flag, list, onlyKnown, whole, wholeSeed } from "../check.ts";
import { refuse } from "../errors.ts";
import { Draws } from "./draws.ts";

/** Examples that come up together. */
export interface ShuffledBatch<Example> {
  /** B of them; fewer in the last batch of an epoch where B does not divide their number. */
  examples: Example[];
  /** Batches drawn up to this one and with it: as `from`, the next run goes on behind this batch. */
  cursor: number;
}

export interface ShuffledBatchOptions {
  /** B, examples of a batch. */
  batch: number;
  /** Key of the order, a whole number from 0 to 2³² − 1. Default 0. */
  seed?: number;
  /** How often to go through the examples, each time in another order; `Infinity` never ends. Default 1. */
  epochs?: number;
  /** The cursor of the last batch that an earlier run has seen. Default 0. */
  from?: number;
  /** Leaves out the batch of fewer than B at the end of an epoch, as a trainer of fixed shape needs. Default false. */
  dropLast?: boolean;
}

/** Batches in order; every iteration begins at `from` again. */
export interface ShuffledBatches<Example> extends Iterable<ShuffledBatch<Example>> {
  /** Batches in one pass through the examples. */
  readonly batchesPerEpoch: number;
}

/**
 * Batches of examples in an order drawn anew for each epoch (Fisher–Yates on counted random bits): the same seed gives the
 * same order everywhere, and `from` goes on exactly where a run stopped.
 * @param examples anything, e.g. what `windows` gives; read while iterating, never copied
 * @throws WebgpuRnnError when an option is out of range, or the examples do not fill one batch
 */
export function shuffledBatches<Example>(
  examples: readonly Example[],
  options: ShuffledBatchOptions,
): ShuffledBatches<Example> {
  const what = "shuffledBatches";
  onlyKnown(what, options, ["batch", "seed", "epochs", "from", "dropLast"]);
  const { batch, seed = 0, epochs = 1, from = 0, dropLast = false } = options;
  whole(`${what}: batch`, batch, 1);
  wholeSeed(`${what}: seed`, seed);
  if (epochs !== Number.POSITIVE_INFINITY) whole(`${what}: epochs`, epochs, 1);
  flag(`${what}: dropLast`, dropLast);
  list(what, examples, "examples");
  const count = examples.length;
  if (count === 0) throw refuse({ what, expected: "at least one example", got: "none" });
  if (dropLast && count < batch) {
    const cure = "give more examples or a smaller batch, or do without dropLast";
    throw refuse({ what, expected: `at least ${batch} examples`, got: String(count), cure });
  }
  const batchesPerEpoch = dropLast ? Math.floor(count / batch) : Math.ceil(count / batch);
  cursorWithin(what, from, epochs * batchesPerEpoch);

  function* batches(): Generator<ShuffledBatch<Example>, void, undefined> {
    let order: Uint32Array | undefined;
    for (let drawn = from; drawn < epochs * batchesPerEpoch; drawn++) {
      const position = drawn % batchesPerEpoch;
      if (position === 0 || order === undefined) order = shuffled(count, seed, Math.floor(drawn / batchesPerEpoch));
      const chosen = order.subarray(position * batch, (position + 1) * batch);
      yield { examples: Array.from(chosen, (place) => examples[place] as Example), cursor: drawn + 1 };
    }
  }
  return { batchesPerEpoch, [Symbol.iterator]: batches };
}

/** The numbers from 0 to count - 1, every order as likely as any other. */
function shuffled(count: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  const draws = new Draws(seed, epoch);
  for (let last = count - 1; last > 0; last--) {
    const other = draws.below(last + 1);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
