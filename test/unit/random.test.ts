import { describe, expect, test } from "vitest";
import { threefry, uniformFrom } from "../../src/random.ts";
import { knownAnswers } from "../fixtures/threefry.ts";

test.each(knownAnswers)("threefry gives Random123's answer: $name", ({ key, counter, bits }) => {
  expect(threefry(...key, ...counter)).toEqual(bits);
});

test("every bit of key and counter matters", () => {
  const seen = new Set<string>([threefry(0, 0, 0, 0).join()]);
  for (let word = 0; word < 4; word++) {
    for (let bit = 0; bit < 32; bit++) {
      const words: [number, number, number, number] = [0, 0, 0, 0];
      words[word] = 2 ** bit;
      seen.add(threefry(...words).join());
    }
  }
  expect(seen.size).toBe(1 + 4 * 32);
});

describe("uniformFrom", () => {
  test("lies in [0, 1) and is exact in float32", () => {
    expect(uniformFrom(0)).toBe(0);
    expect(uniformFrom(0xffffffff)).toBe(1 - 2 ** -24);
    expect(Math.fround(uniformFrom(0x12345678))).toBe(uniformFrom(0x12345678));
  });

  test("fills sixteen equal bins evenly", () => {
    const draws = 16_000;
    const bins = new Array<number>(16).fill(0);
    for (let i = 0; i < draws; i++) bins[Math.floor(uniformFrom(threefry(1, 2, i, 0)[0]) * 16)] += 1;
    const expected = draws / 16;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(37.7); // exceeded by chance once in 1,000 seeds (15 degrees of freedom)
  });
});
