import type { Option } from "./option.ts";
import type { Given } from "./options.ts";
import { misuse } from "./usage-error.ts";

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** As on the command line: `topK` is `--top-k`. */
export const flagOf = (name: string): string => {
  const kebab = name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
  return name.length === 1 ? `-${name}` : `--${kebab}`;
};

/** Stands before every value on its way through cac. */
const MARK = "=";

/**
 * Ties each value to its option and marks it as text. Without it cac reads `--prompt 007` as 7, `--steps -5` as an
 * option `-5`, and the file in `--json 007` as 7.
 * @param words those behind the name of the program
 */
export function markValues(words: readonly string[], table: OptionTable): string[] {
  const options = new Map(Object.entries(table).map(([name, option]) => [flagOf(name), option]));
  const marked: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === "--") return [...marked, ...words.slice(i)];
    const [flag = "", ...joined] = word.split("=");
    const option = options.get(flag);
    const next = words[i + 1];
    if (!option) marked.push(word);
    else if (joined.length > 0) marked.push(`${flag}=${MARK}${joined.join("=")}`);
    else if (!option.argument) marked.push(`${flag}=true`);
    else if (next === undefined || next.startsWith("--")) marked.push(word);
    else {
      marked.push(`${flag}=${MARK}${next}`);
      i += 1;
    }
  }
  return marked;
}

/**
 * Reads what cac has parsed.
 * @throws UsageError naming the option that is unknown, given twice or out of range
 */
export function readOptions<Table extends OptionTable>(
  table: Table,
  parsed: Readonly<Record<string, unknown>>,
): Given<Table> {
  const given = Object.entries(parsed).filter(([name]) => name !== "--");
  return Object.fromEntries(given.map(([name, value]) => [name, readOption(table, name, value)])) as Given<Table>;
}

function readOption(table: OptionTable, name: string, value: unknown): unknown {
  const what = flagOf(name);
  const option = Object.hasOwn(table, name) ? table[name] : undefined;
  if (!option) {
    const expected = `one of ${Object.keys(table).map(flagOf).join(", ")}`;
    throw misuse({ what, expected, got: "an option that this command does not have" });
  }
  if (Array.isArray(value)) throw misuse({ what, expected: "to stand once", got: `it ${value.length} times` });
  const given = typeof value === "string" && value.startsWith(MARK) ? value.slice(MARK.length) : undefined;
  const text = option.argument ? given : value === true ? "" : String(value);
  const read = text === undefined ? undefined : option.read(text);
  if (read !== undefined) return read;
  const got = text === undefined ? "nothing" : text === "" ? "an empty text" : text;
  throw misuse({ what, expected: option.expected, got });
}
