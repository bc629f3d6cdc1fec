import { describe, expect, test } from "vitest";
import { type WordOptions, words, wordsFrom } from "../../src/data/index.ts";
import { WebgpuRnnError } from "../../src/errors.ts";

describe("words", () => {
  test("lists unknown, then words from frequent to rare, equally frequent ones in code point order", () => {
    // In UTF-16 order U+1F600 would come before U+FF5E; "ab" before "b", and "a" before "ab".
    const vocabulary = words("b the\nthe\t\u{1F600} \uFF5E ab a");
    expect(vocabulary.words).toEqual(["<unk>", "the", "a", "ab", "b", "\uFF5E", "\u{1F600}"]);
    expect(vocabulary.size).toBe(7);
  });

  test("counts over several texts and gives rarer words the id of unknown", () => {
    const vocabulary = words(["a b a", "b c"], { minCount: 2, unknown: "?", padding: "_" });
    expect(vocabulary.words).toEqual(["_", "?", "a", "b"]);
    expect(vocabulary.encode("  a c  b z ")).toEqual(Uint32Array.of(2, 1, 3, 1));
    expect(vocabulary.encode("")).toEqual(new Uint32Array(0));
  });

  test("decodes with single spaces and without padding", () => {
    const vocabulary = words("one two", { padding: "<pad>" });
    expect(vocabulary.decode(vocabulary.encode("two  one\nthree"))).toBe("two one <unk>");
    expect(vocabulary.decode([2, 3, 0, 0])).toBe("one two");
  });

  test("takes unknown and padding in the text for what they are", () => {
    const vocabulary = words("<unk> a <unk>");
    expect(vocabulary.words).toEqual(["<unk>", "a"]);
    expect(vocabulary.encode("<unk> a")).toEqual(Uint32Array.of(0, 1));
  });

  test.each([5, -1, 0.5])("refuses to decode id %s", (id) => {
    expect(() => words("a").decode([0, id])).toThrow(`decode: expected ids from 0 to 1, got ${id}.`);
  });

  test.each([
    ["", {}, "words: expected at least one word that occurs 1 times or more, got 0 different words, all rarer."],
    ["a b", { minCount: 2 }, "words: expected at least one word that occurs 2 times or more, got 2 different words"],
    ["a", { minCount: 0 }, "words: minCount: expected a whole number of at least 1, got 0."],
    ["a", { unknown: "no word" }, 'wordsFrom: expected a word without white space as entry 0, got "no word".'],
    ["a", { padding: "<unk>" }, 'wordsFrom: expected each word once, got "<unk>" as entries 0 and 1.'],
    ["a", { minimum: 2 }, "words: expected none but minCount, unknown, padding, got minimum."],
  ])("refuses %j with %j", (text, options, message) => {
    expect(() => words(text, options as WordOptions)).toThrow(WebgpuRnnError);
    expect(() => words(text, options as WordOptions)).toThrow(message);
  });
});

describe("wordsFrom", () => {
  test("restores a stored vocabulary with its ids", () => {
    const vocabulary = words("to be or not to be", { padding: "<pad>" });
    const restored = wordsFrom(JSON.parse(JSON.stringify(vocabulary)));
    expect(JSON.stringify(restored)).toBe(JSON.stringify(vocabulary));
    expect(restored.encode("be that or")).toEqual(vocabulary.encode("be that or"));
    expect(restored.decode([0, 1, 2])).toBe("<unk> be");
  });

  test.each([
    [{ words: ["a"], unknown: "b" }, 'wordsFrom: unknown: expected one of the words, got "b".'],
    [{ words: ["a"], unknown: "a", padding: "b" }, 'wordsFrom: padding: expected one of the words, got "b".'],
    [{ words: ["a", ""], unknown: "a" }, 'wordsFrom: expected a word without white space as entry 1, got "".'],
    [{ words: ["a", "b", "a"], unknown: "a" }, 'wordsFrom: expected each word once, got "a" as entries 0 and 2.'],
  ])("refuses %j", (stored, message) => {
    expect(() => wordsFrom(stored)).toThrow(new WebgpuRnnError(message));
  });
});
