import { describe, expect, test } from "vitest";
import { deviceMask, type RowSteps } from "../../src/batch/mask.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lastStep, maxOverTime, meanOverTime } from "../../src/nn/pooling.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import type { HostTensor } from "../../src/tensor.ts";
import { placeNetwork, playNetwork, ROWS, SHAPE } from "../networks.ts";

const outputs = (model: Model, rows: RowSteps): HostTensor =>
  playNetwork(placeNetwork({ name: "", model, rows })).get("outputs") as HostTensor;

describe.each(Object.entries(ROWS))("%s", (_, rows) => {
  test.each(["forward", "reverse", "bidirectional"] as const)(
    "the last step of a %s layer is its final output",
    (direction) => {
      const last = outputs(sequential(gru(3, 4, { direction }), lastStep()), rows);
      expect(last).toEqual(outputs(sequential(gru(3, 4, { direction, returns: "last" })), rows));
      expect(last.shape).toEqual([3, 1, direction === "bidirectional" ? 8 : 4]);
    },
  );

  test("what comes after takes the one step of every row", () => {
    const last = gru(3, 4, { returns: "last" });
    expect(outputs(sequential(last, meanOverTime()), rows)).toEqual(outputs(sequential(last), rows));
  });

  test("mean and largest are over a row's own steps", () => {
    const { batch, time } = SHAPE;
    const mask = deviceMask(rows, batch, time, true);
    const { data } = outputs(sequential(linear(3, 2)), rows);
    const taken = (row: number, unit: number): number[] =>
      Array.from({ length: time }, (_, t) => t)
        .filter((t) => mask === undefined || mask[t * batch + row] === 1)
        .map((t) => data[(row * time + t) * 2 + unit] as number);
    const each = (pool: (numbers: number[]) => number): number[] =>
      Array.from({ length: batch * 2 }, (_, i) => taken(i >> 1, i % 2)).map((list) =>
        list.length === 0 ? 0 : pool(list),
      );
    const sum = (list: number[]): number => list.reduce((total, value) => total + value, 0);
    const mean = outputs(sequential(linear(3, 2), meanOverTime()), rows);
    const largest = outputs(sequential(linear(3, 2), maxOverTime()), rows);
    // The numbers that are added here are rounded to float32, below 4 each.
    for (const [i, value] of each((list) => sum(list) / list.length).entries()) {
      expect(mean.data[i]).toBeCloseTo(value, 5);
    }
    expect([...largest.data]).toEqual(each((list) => Math.max(...list)));
  });
});
