/** Milliseconds. */
const LONGEST = 2000;

/**
 * Why something is not measured that takes so many milliseconds once, at the best rate so far; undefined where it is
 * short enough.
 */
export const leftOutAt = (milliseconds: number): string | undefined =>
  milliseconds > LONGEST
    ? `left out: ${(milliseconds / 1000).toFixed(1)} s at best, above ${LONGEST / 1000} s`
    : undefined;
