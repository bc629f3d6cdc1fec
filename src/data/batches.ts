import { list } from "../check.ts";
import { refuse } from "../errors.ts";
import { type ShuffledBatchOptions, shuffledBatches } from "./shuffled-batches.ts";

/** What belongs to N examples, by name: an array of N for each, such as inputs [N][T], lengths [N], targets [N]. */
export type Columns<Given> = { readonly [Name in keyof Given]: ArrayLike<unknown> };

/** The same names for the examples that come up together. */
export type ColumnBatch<Given extends Columns<Given>> = { -readonly [Name in keyof Given]: Given[Name][number][] } & {
  /** Batches drawn up to this one and with it: as `from`, the next run goes on behind this batch. */
  cursor: number;
};

/**
 * Batches of examples that lie in columns, as the tasks and `padSequences` give them, in the order of
 * {@link shuffledBatches}; trainers and evaluators take them as they are. Each epoch of `fit` gets an order of its own by
 * `(epoch) => batches({ inputs, targets }, { batch, seed: epoch })`.
 * @param columns read while iterating, never copied
 * @throws WebgpuRnnError when an option is out of range, or the columns are not equally long or do not fill one batch
 */
export function batches<Given extends Columns<Given>>(
  columns: Given,
  options: ShuffledBatchOptions,
): Iterable<ColumnBatch<Given>> {
  if (typeof columns !== "object" || columns === null) {
    throw refuse({ what: "batches", expected: "columns by name, such as { inputs, targets }", got: String(columns) });
  }
  const named = Object.entries<ArrayLike<unknown>>(columns);
  for (const [name, column] of named) list(`batches: ${name}`, column, "examples");
  const count = named[0]?.[1].length ?? 0;
  if (named.some(([, column]) => column.length !== count)) {
    const got = named.map(([name, { length }]) => `${length} ${name}`).join(", ");
    throw refuse({ what: "batches", expected: "as many of each", got });
  }
  const places = shuffledBatches(
    Array.from({ length: count }, (_, place) => place),
    options,
  );
  return {
    *[Symbol.iterator]() {
      for (const { examples, cursor } of places) {
        const chosen = named.map(([name, column]) => [name, examples.map((place) => column[place])]);
        yield { ...Object.fromEntries(chosen), cursor } as ColumnBatch<Given>;
      }
    },
  };
}
