import { describe, expect, test } from "vitest";
import { halfToNumber, numberToHalf } from "../../src/half.ts";
import { noise } from "../gpu/noise.ts";

const rounded = (value: number): number => halfToNumber(numberToHalf(value));

describe("numberToHalf", () => {
  test("gives every finite number of 16 bits back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      if ((bits & 0x7c00) === 0x7c00) continue; // infinities and what is no number
      expect(numberToHalf(halfToNumber(bits))).toBe(bits);
    }
  });

  test.each([
    { what: "a tie to the even below", value: 1 + 2 ** -11, nearest: 1 },
    { what: "a tie to the even above", value: 1 + 3 * 2 ** -11, nearest: 1 + 2 ** -9 },
    { what: "what is just above a tie", value: 1 + 2 ** -11 + 2 ** -40, nearest: 1 + 2 ** -10 },
    { what: "what is just below a tie", value: 1 + 3 * 2 ** -11 - 2 ** -40, nearest: 1 + 2 ** -10 },
    { what: "a tie into the next power of two", value: 2 - 2 ** -11, nearest: 2 },
    { what: "what a logarithm cannot tell from a power of two", value: 2 ** 15 - 2 ** -37, nearest: 2 ** 15 },
    { what: "the smallest of all", value: 2 ** -24, nearest: 2 ** -24 },
    { what: "a tie of denormals to the even above", value: 3 * 2 ** -25, nearest: 2 ** -23 },
    { what: "half of the smallest, a tie to 0", value: 2 ** -25, nearest: 0 },
    { what: "just more than half of the smallest", value: 2 ** -25 + 2 ** -60, nearest: 2 ** -24 },
    { what: "denormals up to the first that is none", value: 2 ** -14 - 2 ** -25, nearest: 2 ** -14 },
    { what: "the largest", value: 65504, nearest: 65504 },
    { what: "what other conversions take to infinity", value: 65520, nearest: 65504 },
    { what: "the largest of float32", value: 3.4e38, nearest: 65504 },
    { what: "a denormal of float32", value: 2 ** -149, nearest: 0 },
  ])("rounds $what, on either side of 0", ({ value, nearest }) => {
    expect(rounded(value)).toBe(nearest);
    expect(rounded(-value)).toBe(-nearest);
  });

  test("keeps the sign of zero", () => expect([rounded(0), rounded(-0)]).toEqual([0, -0]));

  test("finds what is nearest of all: within 2^-11 of the number, and no neighbour is nearer", () => {
    for (const exponent of [-13, -3, 0, 9]) {
      for (const value of noise(200, 1, 2 ** exponent).filter((drawn) => Math.abs(drawn) >= 2 ** -14)) {
        const bits = numberToHalf(value);
        const distance = Math.abs(halfToNumber(bits) - value);
        expect(distance).toBeLessThanOrEqual(2 ** -11 * Math.abs(value));
        for (const other of [bits - 1, bits + 1]) {
          expect(Math.abs(halfToNumber(other) - value)).toBeGreaterThanOrEqual(distance);
        }
      }
    }
  });
});
