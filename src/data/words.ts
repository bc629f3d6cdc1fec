import { list as checkList, text as checkText, iterable, onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";

export interface WordOptions {
  /** How often a word must occur to get an id of its own. Default 1. */
  minCount?: number;
  /** Stands for every word without an id. Default `<unk>`. */
  unknown?: string;
  /** Gets id 0, for rows filled up by `padSequences`. Default: none. */
  padding?: string;
}

/** What `JSON.stringify` stores of a {@link WordVocabulary}. */
export interface StoredWords {
  /** [V] distinct words; the index is the id. */
  readonly words: readonly string[];
  /** The one of them that stands for all others. */
  readonly unknown: string;
  /** The one of them that fills rows up. */
  readonly padding?: string;
}

/** Words as ids, both ways. A word is what stands between white space. */
export interface WordVocabulary extends StoredWords {
  /** V, the number of words, with those for unknown and padding. */
  readonly size: number;
  /** @returns [N] one id in [0, V) per word; words not in the vocabulary get the id of `unknown` */
  encode(text: string): Uint32Array;
  /**
   * The words with a space between two; padding is left out.
   * @param ids ids in [0, V), as `encode` gives them or a sampler draws them
   * @throws WebgpuRnnError naming the first id outside [0, V)
   */
  decode(ids: Iterable<number>): string;
  /** `wordsFrom` takes it back. */
  toJSON(): StoredWords;
}

/**
 * The vocabulary of one text or several: padding if asked for, unknown, then words from frequent to rare, equally frequent
 * ones in code point order. Upper and lower case are two words, and punctuation is part of one: `text.toLowerCase()` and
 * `text.replace(/\p{P}/gu, " $& ")` change that beforehand.
 * @throws WebgpuRnnError when no word occurs `minCount` times, or unknown and padding are no two different words
 */
export function words(texts: string | readonly string[], options: WordOptions = {}): WordVocabulary {
  onlyKnown("words", options, ["minCount", "unknown", "padding"]);
  const { minCount = 1, unknown = "<unk>", padding } = options;
  whole("words: minCount", minCount, 1);
  const special = padding === undefined ? [unknown] : [padding, unknown];
  const counts = new Map<string, number>();
  if (typeof texts !== "string") checkList("words", texts, "a text, or several");
  for (const text of typeof texts === "string" ? [texts] : texts) {
    checkText("words", text);
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  for (const word of special) counts.delete(word);
  const kept = [...counts].filter(([, count]) => count >= minCount);
  if (kept.length === 0) {
    const expected = `at least one word that occurs ${minCount} times or more`;
    throw refuse({ what: "words", expected, got: `${counts.size} different words, all rarer` });
  }
  kept.sort(([a, countA], [b, countB]) => countB - countA || byCodePoint(a, b));
  const list = [...special, ...kept.map(([word]) => word)];
  return wordsFrom({ words: list, unknown, ...(padding === undefined ? {} : { padding }) });
}

/**
 * A vocabulary with given ids, e.g. the one stored beside trained weights.
 * @throws WebgpuRnnError when the list repeats a word, holds something else, or lacks unknown or padding
 */
export function wordsFrom(stored: StoredWords): WordVocabulary {
  const what = "wordsFrom";
  onlyKnown(what, stored, ["words", "unknown", "padding"]);
  const { words: list, unknown, padding } = stored;
  checkList(`${what}: words`, list, "words");
  const idOf = new Map<string, number>();
  for (const [id, word] of list.entries()) {
    if (typeof word !== "string" || !/^\S+$/u.test(word)) {
      const got = JSON.stringify(word) ?? "undefined";
      throw refuse({ what, expected: `a word without white space as entry ${id}`, got });
    }
    if (idOf.has(word)) {
      const got = `${JSON.stringify(word)} as entries ${idOf.get(word)} and ${id}`;
      throw refuse({ what, expected: "each word once", got });
    }
    idOf.set(word, id);
  }
  const idIn = (name: string, word: string): number => {
    const id = idOf.get(word);
    if (id !== undefined) return id;
    throw refuse({ what: `${what}: ${name}`, expected: "one of the words", got: JSON.stringify(word) ?? "undefined" });
  };
  const unknownId = idIn("unknown", unknown);
  const paddingId = padding === undefined ? -1 : idIn("padding", padding);
  const own = { words: [...list], unknown, ...(padding === undefined ? {} : { padding }) };
  return {
    ...own,
    size: list.length,
    encode(text) {
      checkText("encode", text);
      return Uint32Array.from(wordsOf(text), (word) => idOf.get(word) ?? unknownId);
    },
    decode: (ids) => decode(ids, list, paddingId),
    toJSON: () => own,
  };
}

const wordsOf = (text: string): readonly string[] => text.match(/\S+/gu) ?? [];

function decode(ids: Iterable<number>, list: readonly string[], padding: number): string {
  iterable("decode", ids, "ids");
  const found: string[] = [];
  for (const id of ids) {
    const word = list[id];
    if (word === undefined) {
      throw refuse({ what: "decode", expected: `ids from 0 to ${list.length - 1}`, got: String(id) });
    }
    if (id !== padding) found.push(word);
  }
  return found.join(" ");
}

/** UTF-16 order, that of `<`, puts some code points beyond 16 bits before others within. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const place = left.findIndex((character, i) => character !== right[i]);
  if (place < 0) return left.length - right.length;
  return (left[place]?.codePointAt(0) ?? 0) - (right[place]?.codePointAt(0) ?? -1);
}
