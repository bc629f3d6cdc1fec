/** Long enough for submitting and waiting, some tenths of a millisecond, to be lost in it. */
const LEAST_MS = 30;
const SAMPLES = 5;

/** The middle of the values, of an even number of them the upper middle; NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Gets something ready to be done so many times; what it returns does it and resolves when the last is done. */
export type Prepare = (times: number) => () => Promise<unknown>;

/** Milliseconds of one time where something is done so many times at a stretch. */
export async function stretch(prepare: Prepare, times: number): Promise<number> {
  const run = prepare(times);
  const begin = performance.now();
  await run();
  return (performance.now() - begin) / times;
}

/**
 * Times something by the clock: so often at a stretch that it can be seen, and the median of a few such stretches. The
 * first time, which may compile, does not count.
 * @returns milliseconds of one time
 */
export async function millisecondsOf(prepare: Prepare): Promise<number> {
  await stretch(prepare, 1);
  let times = 1;
  while ((await stretch(prepare, times)) * times < LEAST_MS) times *= 2;
  const samples: number[] = [];
  while (samples.length < SAMPLES) samples.push(await stretch(prepare, times));
  return median(samples);
}
