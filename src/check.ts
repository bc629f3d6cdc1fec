import { refuse } from "./errors.ts";

/** The largest size taken: products of three such sizes stay exact in a double. */
const LARGEST = 65_536;

/** Refuses sizes that are not whole numbers from 1 to 65,536. */
export function wholeNumbers(what: string, sizes: Readonly<Record<string, number>>): void {
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 1 || size > LARGEST) {
      throw refuse({ what: `${what}: ${name}`, expected: `a whole number from 1 to ${LARGEST}`, got: String(size) });
    }
  }
}

/** Refuses numbers outside [low, high), and infinite ones. */
export function within(what: string, value: number, low: number, high: number): void {
  if (value >= low && value < high) return;
  const bounded = `a number of at least ${low} and below ${high}`;
  const expected = high === Number.POSITIVE_INFINITY ? `a finite number of at least ${low}` : bounded;
  throw refuse({ what, expected, got: String(value) });
}

/** Refuses what is no key of random bits. */
export function wholeSeed(what: string, seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32) return;
  throw refuse({ what, expected: "a whole number from 0 to 4294967295", got: String(seed) });
}
