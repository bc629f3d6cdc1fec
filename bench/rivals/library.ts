import type { Given, Workload } from "./workloads.ts";

/**
 * Does a workload once and gives what all must agree on: the loss of one more training step before its update; the
 * outputs [T, B, H] of inference; the ids that sampling has drawn, each the likeliest. Resolves when all is done.
 */
export type Work = () => Promise<ArrayLike<number>>;

/** A library on a backend of its own, in a page of its own. */
export interface Library {
  /** Puts weights and data where the library computes. */
  prepare(workload: Workload, given: Given, backend: string): Promise<Work>;
}

/** The id that a row of logits [V] makes likeliest, for libraries that are quicker to read a row than to search it. */
export function likeliest(logits: ArrayLike<number>): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if ((logits[id] as number) > (logits[best] as number)) best = id;
  return best;
}
