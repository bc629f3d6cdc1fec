import type { Gpu } from "../gpu/device.ts";
import { leftOutAt } from "./left-out.ts";
import { millisecondsOf } from "./timing.ts";
import { begin, leastMilliseconds, multiplyAddsOf, tokensOf, type Work, type Worker } from "./work.ts";

/** What was measured of one work; all but the work is absent where it was not done. */
export interface WorkRow {
  readonly work: Work;
  /** Of doing it once, the median. */
  readonly milliseconds?: number;
  readonly tokensPerSecond?: number;
  /** By the products that the model asks for; a multiply-add is 2 FLOP. */
  readonly gigaflops?: number;
  /** Why it was not tried. */
  readonly leftOut?: string;
  /** What went wrong when it was. */
  readonly failure?: string;
}

/**
 * Times a work; one that fails, or that the adapter cannot hold, has a row that says so.
 * @param before what was measured so far: a work that takes too long by the best rate of its kind is left out
 * @param look what else is to be told of it, found before it is timed
 */
export async function measureWork<Seen extends object>(
  gpu: Gpu,
  work: Work,
  before: readonly WorkRow[],
  look?: (worker: Worker) => Promise<Seen>,
): Promise<WorkRow & Partial<Seen>> {
  const alike = before.filter(({ work: { kind, cell } }) => kind === work.kind && cell === work.cell);
  const rates = alike.flatMap(({ gigaflops }) => gigaflops ?? []);
  const leftOut = leftOutAt(leastMilliseconds(work, rates));
  if (leftOut) return { work, leftOut } as WorkRow & Partial<Seen>;
  try {
    const worker = await begin(gpu, work);
    try {
      const seen = await look?.(worker);
      const milliseconds = await millisecondsOf((times) => () => worker.run(times));
      return {
        work,
        milliseconds,
        tokensPerSecond: (tokensOf(work) * 1000) / milliseconds,
        gigaflops: (2 * multiplyAddsOf(work)) / milliseconds / 1e6,
        ...seen,
      } as WorkRow & Partial<Seen>;
    } finally {
      worker.dispose();
    }
  } catch (error) {
    return { work, failure: (error as Error).message } as WorkRow & Partial<Seen>;
  }
}
