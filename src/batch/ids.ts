import { refuse } from "../errors.ts";
import type { Model } from "../nn/sequential.ts";

/** B sequences of T ids, row-major [B, T]; an array of rows does as well. */
export type Ids = ArrayLike<number> | readonly ArrayLike<number>[];

/** How many ids the model knows. */
export function vocabularyOf({ layers }: Model): number {
  const [first] = layers;
  if (first?.input === "ids") return first.config.vocabulary as number;
  throw refuse({
    what: "model",
    expected: "a first layer that takes ids, such as embedding",
    got: String(first?.kind),
  });
}

/** Refuses ids outside [0, below), but for one that stands for none. */
export function checkIds(what: string, ids: ArrayLike<number>, below: number, ignored?: number): void {
  const wrong = Array.prototype.findIndex.call(
    ids,
    (id) => !(Number.isInteger(id) && id >= 0 && id < below) && id !== ignored,
  );
  if (wrong < 0) return;
  throw refuse({ what, expected: `ids from 0 to ${below - 1}`, got: `${ids[wrong]} at place ${wrong}` });
}
