/** One option of a command: how its value is read, and what the help says. */
export interface Option<Value> {
  readonly help: string;
  /** Stands for the value in the help; a flag has none. */
  readonly argument?: string;
  /** What is accepted, for the message that refuses something else. */
  readonly expected: string;
  /** Shown in the help; applied by the command, which can so tell it from a value given. */
  readonly fallback?: string | number | undefined;
  /** @returns undefined when the text is not what is expected */
  read(text: string): Value | undefined;
}

interface Described {
  help: string;
  fallback?: string | number | undefined;
}

/** A whole number from `least` to `most`. */
export const wholeNumber = (least: number, most: number, described: Described): Option<number> => ({
  ...described,
  argument: "n",
  expected: `a whole number from ${least} to ${most}`,
  read: (text) => {
    const value = toNumber(text);
    return Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  },
});

/** A number of which `accepts` is true, and which float32 can hold. */
export const decimal = (
  expected: string,
  accepts: (value: number) => boolean,
  described: Described,
): Option<number> => ({
  ...described,
  argument: "x",
  expected,
  read: (text) => {
    const value = toNumber(text);
    const float = Math.fround(value); // what the GPU takes
    const kept = Number.isFinite(float) && (float !== 0 || value === 0);
    return kept && accepts(value) ? value : undefined;
  },
});

/** Any text but the empty one. */
export const text = (argument: string, described: Described): Option<string> => ({
  ...described,
  argument,
  expected: `a ${argument}`,
  read: (given) => given || undefined,
});

/** One of some words. */
export const choice = <Word extends string>(
  argument: string,
  words: readonly Word[],
  described: Described,
): Option<Word> => ({
  ...described,
  argument,
  expected: words.join(" or "),
  read: (given) => words.find((word) => word === given),
});

/** On where it stands, off where it does not. */
export const flag = (help: string): Option<true> => ({
  help,
  expected: "no value",
  read: (given) => (given === "" ? true : undefined),
});

/** Decimal notation only: `Number` alone also takes "", " 7 " and "0x10". */
function toNumber(given: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given) ? Number(given) : Number.NaN;
}
