import { describe, expect, test } from "vitest";
import { split, streams } from "../../src/data/index.ts";
import { WebgpuRnnError } from "../../src/errors.ts";

const counting = (length: number) => Uint32Array.from({ length }, (_, id) => id);

/** Rows of ids, and those that follow them. */
const rows = (...inputs: number[][]) => ({
  inputs: inputs.map((row) => Uint32Array.from(row)),
  targets: inputs.map((row) => Uint32Array.from(row, (id) => id + 1)),
});

describe("streams", () => {
  test("cuts rows that run on, with the next ids as targets", () => {
    // 14 ids: streams of 6 = floor(13 / 2); the id 13 is left over.
    const batches = [...streams(counting(14), { batch: 2, time: 3 })];
    expect(batches).toEqual([
      { ...rows([0, 1, 2], [6, 7, 8]), start: true, cursor: 1 },
      { ...rows([3, 4, 5], [9, 10, 11]), start: false, cursor: 2 },
    ]);
  });

  test("says how many batches a pass has, also when ids are left over in every stream", () => {
    const data = streams(counting(24), { batch: 2, time: 3 });
    expect(data.batchesPerEpoch).toBe(3);
    expect([...data]).toHaveLength(3);
  });

  test("goes on from any cursor exactly as the run that was not interrupted", () => {
    const options = { batch: 2, time: 3, epochs: 3 };
    const whole = [...streams(counting(20), options)];
    expect(whole.map(({ start }) => start)).toEqual([true, false, false, true, false, false, true, false, false]);
    for (const { cursor } of whole) {
      expect([...streams(counting(20), { ...options, from: cursor })]).toEqual(whole.slice(cursor));
    }
  });

  test("begins again with every iteration, and never ends with Infinity epochs", () => {
    const data = streams(counting(7), { batch: 2, time: 3, epochs: Number.POSITIVE_INFINITY, from: 5 });
    for (let repeat = 0; repeat < 2; repeat++) {
      const cursors: number[] = [];
      for (const { cursor } of data) if (cursors.push(cursor) === 4) break;
      expect(cursors).toEqual([6, 7, 8, 9]);
    }
  });

  test("needs just batch * time + 1 ids", () => {
    expect([...streams(counting(2049), { batch: 32, time: 64 })]).toHaveLength(1);
    expect(() => streams(counting(2048), { batch: 32, time: 64 })).toThrow(
      new WebgpuRnnError(
        "streams: expected at least 2049 ids (batch 32 x time 64 + 1), got 2048. " +
          "Give a longer text, or a smaller batch or time.",
      ),
    );
  });

  test.each([
    [{ batch: 0 }, "streams: batch: expected a whole number of at least 1, got 0."],
    [{ time: 1.5 }, "streams: time: expected a whole number of at least 1, got 1.5."],
    [{ epochs: Number.NaN }, "streams: epochs: expected a whole number of at least 1, got NaN."],
    [{ from: -1 }, "streams: from: expected a whole number of at least 0, got -1."],
    [
      { from: 17 },
      "streams: from: expected at most the 16 batches there are, got 17. Give the cursor of a batch of these, or more epochs.",
    ],
    [{ epoch: 2 }, "streams: expected none but batch, time, epochs, from, got epoch. Write epochs."],
  ])("refuses %j", (option, message) => {
    expect(() => streams(counting(100), { batch: 2, time: 3, ...option })).toThrow(new WebgpuRnnError(message));
  });
});

describe("split", () => {
  test("holds out the end of the ids", () => {
    const { training, heldOut } = split(counting(10), 0.3);
    expect(training).toEqual(counting(7));
    expect(heldOut).toEqual(Uint32Array.of(7, 8, 9));
    // 100 * 0.29 is a little less than 29 in floating point.
    expect(split(counting(100), 0.29).heldOut).toHaveLength(29);
  });

  test.each([0, 1, -0.1, Number.NaN])("refuses the fraction %s", (fraction) => {
    expect(() => split(counting(10), fraction)).toThrow(
      new WebgpuRnnError(`split: expected a fraction between 0 and 1, both excluded, got ${fraction}.`),
    );
  });
});
