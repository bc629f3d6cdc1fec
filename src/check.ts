import { refuse } from "./errors.ts";
import { nearest } from "./nearest.ts";

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

/** Refuses numbers that are not finite as the float32 that the device takes. */
export function finite(what: string, value: number): void {
  if (typeof value === "number" && Number.isFinite(Math.fround(value))) return;
  throw refuse({ what, expected: "a finite number", got: String(value) });
}

/** Refuses a cursor behind the end; one at the end is that of a run that is done. */
export function cursorWithin(what: string, from: number, batches: number): void {
  whole(`${what}: from`, from, 0);
  if (from <= batches) return;
  const cure = "give the cursor of a batch of these, or more epochs";
  throw refuse({
    what: `${what}: from`,
    expected: `at most the ${batches} batches there are`,
    got: String(from),
    cure,
  });
}

/** Refuses what is neither true nor false; undefined is left to a default. */
export function flag(what: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  throw refuse({ what, expected: "true or false", got: String(value) });
}

/** Refuses what holds no options by name, and names that are none of those known: a misspelt one would count for nothing. */
export function onlyKnown(what: string, given: object, names: readonly string[]): void {
  if (typeof given !== "object" || given === null) {
    throw refuse({ what, expected: `an object with any of ${names.join(", ")}`, got: String(given) });
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const like = nearest(unknown, names);
  const cure = like === undefined ? "leave it out" : `write ${like}`;
  throw refuse({ what, expected: `none but ${names.join(", ")}`, got: unknown, cure });
}

/** Refuses what is no Map, such as tensors in a plain object. */
export function named(what: string, given: unknown): void {
  if (given instanceof Map) return;
  const cure = "wrap a plain object: new Map(Object.entries(…))";
  throw refuse({ what, expected: "tensors by name in a Map", got: String(given), cure });
}

/** Refuses what is none of the choices; undefined is left to a default. */
export function oneOf(what: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw refuse({ what, expected: `one of ${choices.join(", ")}`, got: String(value) });
}

/** Refuses what is no text. */
export function text(what: string, given: unknown): void {
  if (typeof given !== "string") throw refuse({ what, expected: "a text", got: kindOf(given) });
}

/** Refuses what holds nothing by place; a text, whose places hold parts of characters, is no list either. */
export function list(what: string, given: unknown, of: string): void {
  if (typeof given === "object" && given !== null && "length" in given && Number.isSafeInteger(given.length)) return;
  throw refuse({ what, expected: `${of} in an array`, got: kindOf(given) });
}

/** Refuses what cannot be gone through. */
export function iterable(what: string, given: unknown, of: string): void {
  if (typeof given === "object" && given !== null && Symbol.iterator in given) return;
  throw refuse({ what, expected: `${of} in an array or the like`, got: kindOf(given) });
}

function kindOf(given: unknown): string {
  if (typeof given === "string") return "a text";
  return typeof given === "object" && given !== null ? "an object" : String(given);
}
