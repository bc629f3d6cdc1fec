import { expect, test } from "vitest";
import type { CallCounter } from "../../bench/count-calls.ts";
import { benchGrowth, failuresOf, type GrowthRow } from "../../bench/growth.ts";
import { works } from "../../bench/steps.ts";
import { stepFailures } from "../../bench/steps-report.ts";
import { multiplyAddsOf, type Work } from "../../src/cli/work.ts";
import type { Gpu } from "../../src/gpu/device.ts";

const work: Work = { kind: "training", cell: "lstm", hidden: 128, layers: 1, batch: 32, time: 64 };

test("the multiply-adds of a training step are those of its products, three times", () => {
  expect(multiplyAddsOf(work)).toBe(3 * 32 * 64 * (4 * 128 * (64 + 128) + 128 * 65));
  expect(multiplyAddsOf({ ...work, kind: "inference", layers: 2, cell: "gru" })).toBe(
    32 * 64 * (3 * 128 * (64 + 128 + 128 + 128) + 128 * 65),
  );
});

test("the grid reaches from the smallest to the largest sizes, on both machines, and has nothing twice", () => {
  const grid = works();
  const extent = (name: "hidden" | "batch" | "time" | "layers") => {
    const values = grid.map((each) => each[name]);
    return [Math.min(...values), Math.max(...values)];
  };
  expect([extent("hidden"), extent("batch"), extent("time"), extent("layers")]).toEqual([
    [32, 1024],
    [1, 128],
    [16, 1024],
    [1, 4],
  ]);
  expect(new Set(grid.map((each) => JSON.stringify(each))).size).toBe(grid.length);
  expect(grid.filter(({ machine }) => machine === "scan")).toHaveLength(
    grid.filter(({ machine }) => machine === "step").length,
  );
});

test("the few have every cell and kind on both machines, and work enough for a moment", () => {
  const kinds = (grid: readonly Work[]) => new Set(grid.map(({ cell, kind, machine }) => `${cell} ${kind} ${machine}`));
  const [few, all] = [works(true), works()];
  expect(kinds(few)).toEqual(kinds(all));
  const sum = (grid: readonly Work[]) => grid.reduce((total, each) => total + multiplyAddsOf(each), 0);
  expect(sum(few)).toBeLessThan(sum(all) / 100);
});

const scan: Work = { ...work, machine: "scan" };
const row: GrowthRow = {
  ...{ small: scan, large: { ...scan, time: 640 }, what: "T" },
  milliseconds: [10, 129],
  predictedBytes: [100, 1000],
  bytes: [104, 960],
};

test("what costs too much, or takes other memory than planned, has failed", () => {
  expect(failuresOf(row)).toEqual([]);
  expect(failuresOf({ ...row, milliseconds: [10, 131] })).toEqual([
    "training, scan, 10 × T: 13.1 times the time, above 13",
  ]);
  expect(failuresOf({ ...row, bytes: [106, 960] })).toEqual(["training, scan, 10 × T: memory is not as planned"]);
});

test("a row that throws is told, and the rows behind it are tried", async () => {
  let tried = 0;
  const counter = {
    get live(): never {
      throw new Error(`lost ${++tried}`);
    },
  };
  const printed: string[] = [];
  const kept: number[] = [];
  const gpu = { adapter: { name: "some gpu", software: false } } as unknown as Gpu;
  const { growth, failures } = await benchGrowth(gpu, counter as unknown as CallCounter, {
    print: (text) => printed.push(text),
    progress: () => {},
    sofar: (result) => kept.push(result.growth.length),
  });
  expect(kept).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect([growth.length, failures.length, tried]).toEqual([12, 12, 12]);
  expect(failures[0]).toBe("training, scan, 10 × T: lost 1");
  expect(failures.at(-1)).toBe("inference, step, 10 × H²: lost 12");
  expect(printed.at(-1)).toMatch(/^training, scan, 10 × T +(– +){9}lost 1$/m);
});

test("steps that threw have failed, those left out have not", () => {
  const steps = [
    { work: scan, milliseconds: 4 },
    { work: scan, leftOut: "left out: 9 s at best" },
  ];
  expect(stepFailures(steps)).toEqual([]);
  expect(stepFailures([...steps, { work: scan, failure: "lost" }])).toEqual([
    "lstm, training, scan, H 128, B 32, T 64, L 1: lost",
  ]);
});
