import { refuse } from "./errors.ts";

/** The largest size taken: products of three such sizes stay exact in a double. */
const LARGEST_SIZE = 65_536;

/** Refuses what is not a whole number in [least, most]. */
export function whole(what: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw refuse({ what, expected: `a whole number ${range}`, got: String(value) });
}

/** Refuses sizes that are not whole numbers from 1 to 65,536. */
export function wholeNumbers(what: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) whole(`${what}: ${name}`, size, 1, LARGEST_SIZE);
}

/** Refuses what is no key of random bits. */
export const wholeSeed = (what: string, seed: number): void => whole(what, seed, 0, 2 ** 32 - 1);

/** Refuses numbers that are not in [low, high), or no longer are as the float32 that the device takes. */
export function within(what: string, value: number, low: number, high: number): void {
  const float = typeof value === "number" ? Math.fround(value) : Number.NaN;
  if (float >= low && float < high && (float !== 0 || value === 0)) return;
  const bounded = `a number of at least ${low} and below ${high}`;
  const expected = high === Number.POSITIVE_INFINITY ? `a finite number of at least ${low}` : bounded;
  throw refuse({ what, expected, got: String(value) });
}

/** Refuses what is none of the choices; undefined is left to a default. */
export function oneOf(what: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw refuse({ what, expected: `one of ${choices.join(", ")}`, got: String(value) });
}
