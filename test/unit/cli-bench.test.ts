import { expect, test } from "vitest";
import { benchText } from "../../src/cli/bench.ts";
import { leastMilliseconds, multiplyAddsOf, type Work } from "../../src/cli/work.ts";

test("every size has a line, with dashes for what was left out", () => {
  const rows = [
    { kind: "training", hidden: 64, milliseconds: 20, tokensPerSecond: 102_400, gigaflops: 25 },
    { kind: "inference", hidden: 64, milliseconds: 5, tokensPerSecond: 409_600, gigaflops: 33 },
    { kind: "sampling", hidden: 128, milliseconds: 32, tokensPerSecond: 2000, gigaflops: 0.4 },
  ] as const;
  const lines = benchText("some gpu", "gru", rows, "what to know").split("\n");
  expect(lines[0]).toBe("adapter  some gpu");
  expect(lines.filter((line) => /^ +\d/.test(line)).map((line) => line.trim().split(/ +/))).toEqual([
    ["64", "20", "102,400", "25", "5", "409,600", "–"],
    ["128", "–", "–", "–", "–", "–", "2,000"],
    ["256", ...new Array(6).fill("–")],
    ["512", ...new Array(6).fill("–")],
  ]);
  expect(lines.find((line) => line.startsWith("1024"))).toMatch(/^1024( +–){6}$/);
  expect(lines.at(-1)).toBe("what to know");
});

test("what a work takes at least is told by the best rate so far", () => {
  const work: Work = { kind: "sampling", cell: "lstm", hidden: 128, layers: 1, batch: 1, time: 64 };
  expect(leastMilliseconds(work, [])).toBe(0);
  expect(leastMilliseconds(work, [1, 2])).toBeCloseTo((2 * multiplyAddsOf(work)) / 2e6, 9);
});
