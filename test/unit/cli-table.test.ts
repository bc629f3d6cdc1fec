import { afterEach, expect, test, vi } from "vitest";
import { lossDifference } from "../../bench/training.ts";
import { figure, percent, table } from "../../src/cli/table.ts";
import { median, millisecondsOf } from "../../src/cli/timing.ts";

afterEach(() => vi.restoreAllMocks());

test("figures have three digits, and a dash where there is none", () => {
  expect([0, 0.0012345, 1.5, 12.345, 123.45, 1234567, Number.NaN].map(figure)).toEqual([
    "0",
    "0.00123",
    "1.5",
    "12.3",
    "123",
    "1,234,567",
    "–",
  ]);
  expect([0.3749, 1.2, Number.NaN].map(percent)).toEqual(["37%", "120%", "–"]);
});

test("columns of figures stand on the right, all others on the left", () => {
  const rows = [
    ["gemm", "1.5", "–"],
    ["column_sum", "120", "37%"],
  ];
  expect(table(["kernel", "ms", "share"], rows).split("\n")).toEqual([
    "kernel       ms  share",
    "gemm        1.5      –",
    "column_sum  120    37%",
  ]);
});

test("the median is the middle one", () => {
  expect(median([5, 1, 100])).toBe(5);
  expect(median([4, 1, 2, 3])).toBe(3);
  expect(median([])).toBeNaN();
});

test("what is short is timed many times at a stretch, and what gets it ready is not timed", async () => {
  let clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
  const stretches: number[] = [];
  const milliseconds = await millisecondsOf((times) => {
    clock += 1000;
    stretches.push(times);
    return async () => {
      clock += 10 * times;
    };
  });
  expect(milliseconds).toBe(10);
  expect(stretches).toEqual([1, 1, 2, 4, 4, 4, 4, 4, 4]);
});

test("losses differ by the largest relative difference; a missing one is no agreement", () => {
  expect(lossDifference([4, 2], [4, 2.5])).toBe(0.2);
  expect(lossDifference([4, 2], [4])).toBeNaN();
});
