import { roundTicks } from "../../src/cli/ticks.ts";

/** A logarithmic axis: what stands where, and where its round numbers are. */
export interface Scale {
  readonly ticks: readonly number[];
  /** Pixels of a value. */
  place(value: number): number;
}

/** Room beside the outermost values, as a share of the axis. */
const ROOM = 0.05;
const MOST_TICKS = 7;
const FEW_TICKS = 4;

/** From the least to the most of some values, all above 0, with a little room beside them. */
export function logScale(values: readonly number[], from: number, to: number): Scale {
  const exponents = values.map(Math.log10);
  const [low, high] = [Math.min(...exponents), Math.max(...exponents)];
  const room = Math.max(ROOM * (high - low), 0.02);
  const [first, last] = [low - room, high + room];
  return {
    ticks: ticksWithin(10 ** first, 10 ** last),
    place: (value) => from + ((Math.log10(value) - first) / (last - first)) * (to - from),
  };
}

/**
 * Powers of ten, with 2 and 5 times each where that leaves few; every second or third power where they are many. Between
 * two of these, where an axis would have none or one, round numbers at equal distances.
 */
export function ticksWithin(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const of = (factors: readonly number[], stride: number): number[] => {
    const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i).filter(
      (power) => power % stride === 0,
    );
    // 10 ** -3 is not quite 0.001.
    const all = powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)));
    return all.filter((tick) => tick >= low && tick <= high);
  };
  const finest = of([1, 2, 5], 1);
  if (finest.length < 2) return roundTicks(low, high, FEW_TICKS).filter((tick) => tick >= low && tick <= high);
  const tried = [finest, of([1, 3], 1), of([1], 1), of([1], 2), of([1], 3)];
  return tried.find((ticks) => ticks.length <= MOST_TICKS) ?? of([1], 4);
}
