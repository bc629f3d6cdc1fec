import { list as checkList, text as checkText, iterable } from "../check.ts";
import { refuse } from "../errors.ts";

/** The characters of a text as ids, both ways. Plain data: its JSON is the list of characters. */
export interface Vocabulary {
  /** V, the number of characters. */
  readonly size: number;
  /** [V] one character (Unicode code point) each; its index is its id. */
  readonly characters: readonly string[];
  /**
   * @param text any text over these characters
   * @returns [N] one id in [0, V) per code point (not per UTF-16 unit)
   * @throws WebgpuRnnError naming the characters that are not in the vocabulary
   */
  encode(text: string): Uint32Array;
  /**
   * @param ids ids in [0, V), as `encode` gives them or a sampler draws them
   * @throws WebgpuRnnError naming the first id outside [0, V)
   */
  decode(ids: Iterable<number>): string;
  /** What `JSON.stringify` stores; `vocabularyFrom` takes it back. */
  toJSON(): readonly string[];
}

/**
 * The vocabulary of a text: its distinct characters in code point order, so that equal texts give equal ids.
 * @throws WebgpuRnnError when the text is empty or none
 */
export function characters(text: string): Vocabulary {
  checkText("characters", text);
  if (text.length === 0) throw refuse({ what: "characters", expected: "at least one character", got: "an empty text" });
  return vocabularyFrom([...new Set(text)].sort((a, b) => codePoint(a) - codePoint(b)));
}

/**
 * A vocabulary with given ids, e.g. the one stored beside trained weights.
 * @param list [V] distinct single characters; the order is kept, it gives the ids
 * @throws WebgpuRnnError when the list is empty, repeats a character or holds something else
 */
export function vocabularyFrom(list: readonly string[]): Vocabulary {
  const what = "vocabularyFrom";
  checkList(what, list, "characters");
  if (list.length === 0) throw refuse({ what, expected: "at least one character", got: "an empty list" });
  const idOf = new Map<string, number>();
  for (const [id, character] of list.entries()) {
    if (typeof character !== "string" || [...character].length !== 1) {
      throw refuse({ what, expected: `one character as entry ${id}`, got: JSON.stringify(character) ?? "undefined" });
    }
    if (idOf.has(character)) {
      const places = `${JSON.stringify(character)} as entries ${idOf.get(character)} and ${id}`;
      throw refuse({ what, expected: "each character once", got: places });
    }
    idOf.set(character, id);
  }
  return {
    size: list.length,
    characters: [...list],
    encode: (text) => encode(text, idOf),
    decode: (ids) => decode(ids, list),
    toJSON: () => [...list],
  };
}

function encode(text: string, idOf: ReadonlyMap<string, number>): Uint32Array {
  checkText("encode", text);
  const ids = new Uint32Array(text.length);
  const unknown = new Set<string>();
  let length = 0;
  for (const character of text) {
    const id = idOf.get(character);
    if (id === undefined) unknown.add(character);
    else ids[length++] = id;
  }
  if (unknown.size > 0) {
    throw refuse({
      what: "encode",
      expected: `only characters of the vocabulary (${idOf.size} characters)`,
      got: listed(unknown),
      cure: "leave these out, or train on a text that has them",
    });
  }
  return length === ids.length ? ids : ids.slice(0, length);
}

function decode(ids: Iterable<number>, list: readonly string[]): string {
  iterable("decode", ids, "ids");
  let text = "";
  for (const id of ids) {
    const character = list[id];
    if (character === undefined) {
      throw refuse({ what: "decode", expected: `ids from 0 to ${list.length - 1}`, got: String(id) });
    }
    text += character;
  }
  return text;
}

/** The first few, quoted: `"ž", "☃" and 3 more`. */
function listed(unknown: ReadonlySet<string>): string {
  const most = 10;
  const shown = [...unknown].slice(0, most).map((character) => JSON.stringify(character));
  const rest = unknown.size > most ? ` and ${unknown.size - most} more` : "";
  return shown.join(", ") + rest;
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
