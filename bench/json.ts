/** Numbers that JSON has no way to write. */
const UNWRITTEN = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const WORDS = UNWRITTEN.map(String);

/** A value of a page as JSON that brings NaN, "not measured", to the program as NaN. */
export const written = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === "number" && !Number.isFinite(each) ? String(each) : each));

/** What {@link written} has written. */
export const read = (text: string): unknown =>
  JSON.parse(text, (_, each) => (WORDS.includes(each) ? UNWRITTEN[WORDS.indexOf(each)] : each));
