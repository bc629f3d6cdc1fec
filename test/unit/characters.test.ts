import { describe, expect, test } from "vitest";
import { characters, vocabularyFrom } from "../../src/data/index.ts";
import { WebgpuRnnError } from "../../src/errors.ts";

describe("characters", () => {
  test("lists the distinct characters in code point order, also beyond 16 bits", () => {
    // In UTF-16 units, as sort() without a comparison sees them, the first half of U+1F600 lies below U+FF5E.
    const vocabulary = characters("b\u{1F600}a\uFF5Eb\na");
    expect(vocabulary.characters).toEqual(["\n", "a", "b", "\uFF5E", "\u{1F600}"]);
    expect(vocabulary.size).toBe(5);
  });

  test("gives one id per character and takes it back", () => {
    const text = "ab\u{1F600}ba";
    const vocabulary = characters(text);
    const ids = vocabulary.encode(text);
    expect(ids).toEqual(Uint32Array.of(0, 1, 2, 1, 0));
    expect(vocabulary.decode(ids)).toBe(text);
    expect(vocabulary.decode([2])).toBe("\u{1F600}");
    expect(vocabulary.encode("")).toEqual(new Uint32Array(0));
  });

  test("refuses unknown characters, each named once", () => {
    expect(() => characters("abc").encode("až☃a☃\n")).toThrow(
      new WebgpuRnnError(
        'encode: expected only characters of the vocabulary (3 characters), got "ž", "☃", "\\n". ' +
          "Leave these out, or train on a text that has them.",
      ),
    );
    expect(() => characters("a").encode("bcdefghijklmn")).toThrow('"j", "k" and 3 more.');
  });

  test.each([5, -1, 0.5])("refuses to decode id %s", (id) => {
    expect(() => characters("ab").decode([0, id])).toThrow(`decode: expected ids from 0 to 1, got ${id}.`);
  });

  test("refuses an empty text", () => {
    expect(() => characters("")).toThrow("characters: expected at least one character, got an empty text.");
  });
});

describe("vocabularyFrom", () => {
  test("restores a stored vocabulary with its ids", () => {
    const stored = JSON.stringify(characters("hello, \u{1F600}"));
    expect(JSON.stringify(vocabularyFrom(JSON.parse(stored)))).toBe(stored);
    expect(vocabularyFrom(["z", "a"]).encode("az")).toEqual(Uint32Array.of(1, 0));
  });

  test.each([
    [[], "expected at least one character, got an empty list."],
    [["a", "bc"], 'expected one character as entry 1, got "bc".'],
    [["a", ""], 'expected one character as entry 1, got "".'],
    [["a", 7 as unknown as string], "expected one character as entry 1, got 7."],
    [["a", "b", "a"], 'expected each character once, got "a" as entries 0 and 2.'],
  ])("refuses %j", (list, message) => {
    expect(() => vocabularyFrom(list)).toThrow(new WebgpuRnnError(`vocabularyFrom: ${message}`));
  });
});
