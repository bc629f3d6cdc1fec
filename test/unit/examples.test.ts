import { describe, expect, test } from "vitest";
import { batches, type PadFeatureOptions, padSequences, shuffledBatches, windows } from "../../src/data/index.ts";
import { WebgpuRnnError } from "../../src/errors.ts";

describe("padSequences", () => {
  test("fills rows of ids up to the longest, or to a length given", () => {
    expect(padSequences([[1, 2, 3], Uint32Array.of(4), []])).toEqual([
      Uint32Array.of(1, 2, 3),
      Uint32Array.of(4, 0, 0),
      Uint32Array.of(0, 0, 0),
    ]);
    expect(padSequences([[1]], { length: 3, padding: 9 })).toEqual([Uint32Array.of(1, 9, 9)]);
  });

  test("fills rows of features up by whole steps", () => {
    expect(
      padSequences(
        [
          [1, 2, 3, 4],
          [5, 6.5],
        ],
        { width: 2, padding: -1 },
      ),
    ).toEqual([Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6.5, -1, -1)]);
    expect(padSequences([[1, 2]], { width: 2, length: 2 })).toEqual([Float32Array.of(1, 2, 0, 0)]);
  });

  test("gives new rows", () => {
    const row = Uint32Array.of(1, 2);
    const [padded] = padSequences([row]);
    row[0] = 7;
    expect(padded).toEqual(Uint32Array.of(1, 2));
  });

  test.each([
    [[], {}, "padSequences: expected at least one row that is not empty, got 0 rows."],
    [[[], []], {}, "padSequences: expected at least one row that is not empty, got 2 rows."],
    [[[1], [1, 2, 3]], { length: 2 }, "padSequences: expected rows of at most 2 steps, got 3 as row 1."],
    [[[1, 2, 3]], { width: 2 }, "padSequences: expected rows of whole steps, 2 numbers each, got 3 numbers as row 0."],
    [[[1], [-1]], {}, "padSequences: row 1: expected a whole number from 0 to 4294967295, got -1."],
    [[[1]], { padding: 0.5 }, "padSequences: padding: expected a whole number from 0 to 4294967295, got 0.5."],
    [[[1]], { width: 1, padding: Number.NaN }, "padSequences: padding: expected a finite number, got NaN."],
    [[[1]], { length: 0 }, "padSequences: length: expected a whole number of at least 1, got 0."],
    [[[1]], { pad: 0 }, "padSequences: expected none but length, padding, width, got pad."],
  ])("refuses %j with %j", (rows, options, message) => {
    expect(() => padSequences(rows, options as PadFeatureOptions)).toThrow(WebgpuRnnError);
    expect(() => padSequences(rows, options as PadFeatureOptions)).toThrow(message);
  });
});

describe("windows", () => {
  const counting = Array.from({ length: 8 }, (_, i) => i);

  test("gives the steps behind a window as targets, strides apart", () => {
    expect(windows(counting, { time: 3, horizon: 2, stride: 2 })).toEqual([
      { inputs: Float32Array.of(0, 1, 2), targets: Float32Array.of(3, 4) },
      { inputs: Float32Array.of(2, 3, 4), targets: Float32Array.of(5, 6) },
    ]);
    expect(windows(counting, { time: 3, horizon: 2 })).toHaveLength(4);
  });

  test("gives the next step at every step where no horizon is asked for", () => {
    expect(windows(counting, { time: 6 })).toEqual([
      { inputs: Float32Array.of(0, 1, 2, 3, 4, 5), targets: Float32Array.of(1, 2, 3, 4, 5, 6) },
      { inputs: Float32Array.of(1, 2, 3, 4, 5, 6), targets: Float32Array.of(2, 3, 4, 5, 6, 7) },
    ]);
  });

  test("slides over steps of several numbers", () => {
    expect(windows(counting, { time: 2, horizon: 1, width: 2 })).toEqual([
      { inputs: Float32Array.of(0, 1, 2, 3), targets: Float32Array.of(4, 5) },
      { inputs: Float32Array.of(2, 3, 4, 5), targets: Float32Array.of(6, 7) },
    ]);
  });

  test("shares one copy, apart from the series", () => {
    const series = Float32Array.from(counting);
    const [first, second] = windows(series, { time: 2 });
    expect(first?.inputs.buffer).toBe(second?.targets.buffer);
    series[0] = 9;
    expect(first?.inputs[0]).toBe(0);
  });

  test.each([
    [{ time: 7, horizon: 2 }, "windows: expected at least 9 steps (time 7 + 2 ahead), got 8."],
    [{ time: 8 }, "windows: expected at least 9 steps (time 8 + 1 ahead), got 8."],
    [{ time: 2, width: 3 }, "windows: expected whole steps of 3 numbers, got 8 numbers."],
    [{ time: 0 }, "windows: time: expected a whole number of at least 1, got 0."],
    [{ time: 2, horizon: 0 }, "windows: horizon: expected a whole number of at least 1, got 0."],
    [{ time: 2, stride: 0.5 }, "windows: stride: expected a whole number of at least 1, got 0.5."],
  ])("refuses %j", (options, message) => {
    expect(() => windows(counting, options)).toThrow(WebgpuRnnError);
    expect(() => windows(counting, options)).toThrow(message);
  });

  test("refuses a series that is not finite", () => {
    expect(() => windows([1, Number.NaN, 3], { time: 1 })).toThrow("expected finite numbers, got NaN at place 1.");
    expect(() => windows([1e39, 2], { time: 1 })).toThrow("expected finite numbers, got 1e+39 at place 0.");
  });
});

describe("shuffledBatches", () => {
  const letters = [..."abcdefg"];

  test("shows every example once an epoch, in another order each time", () => {
    const data = shuffledBatches(letters, { batch: 3, epochs: 2, seed: 5 });
    expect(data.batchesPerEpoch).toBe(3);
    const batches = [...data];
    expect(batches.map(({ examples }) => examples.length)).toEqual([3, 3, 1, 3, 3, 1]);
    const epochs = [batches.slice(0, 3), batches.slice(3)].map((half) => half.flatMap(({ examples }) => examples));
    for (const epoch of epochs) expect([...epoch].sort()).toEqual(letters);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(epochs[0]).not.toEqual(letters);
  });

  test("leaves the smaller batch out where asked", () => {
    const data = shuffledBatches(letters, { batch: 3, dropLast: true });
    expect(data.batchesPerEpoch).toBe(2);
    expect([...data].map(({ examples }) => examples.length)).toEqual([3, 3]);
  });

  test("has the same order for the same seed and another for another", () => {
    const order = (seed: number) => [...shuffledBatches(letters, { batch: 7, seed })][0]?.examples.join("");
    expect(order(1)).toBe(order(1));
    expect(new Set([0, 1, 2, 3, 4].map(order)).size).toBe(5);
  });

  test.each([false, true])("goes on from any cursor exactly, dropLast %s", (dropLast) => {
    const options = { batch: 2, epochs: 3, seed: 9, dropLast };
    const whole = [...shuffledBatches(letters, options)];
    expect(whole.map(({ cursor }) => cursor)).toEqual(whole.map((_, i) => i + 1));
    for (const { cursor } of whole) {
      expect([...shuffledBatches(letters, { ...options, from: cursor })]).toEqual(whole.slice(cursor));
    }
  });

  test("never ends with Infinity epochs, and begins again with every iteration", () => {
    const data = shuffledBatches(letters, { batch: 4, epochs: Number.POSITIVE_INFINITY, from: 3 });
    for (let repeat = 0; repeat < 2; repeat++) {
      const cursors: number[] = [];
      for (const { cursor } of data) if (cursors.push(cursor) === 5) break;
      expect(cursors).toEqual([4, 5, 6, 7, 8]);
    }
  });

  test("draws every order as often as any other", () => {
    const draws = 6000;
    const counts = new Map<string, number>();
    for (const { examples } of shuffledBatches([..."abc"], { batch: 3, epochs: draws, seed: 1 })) {
      counts.set(examples.join(""), (counts.get(examples.join("")) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const expected = draws / 6;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(20.5); // exceeded by chance once in 1,000 seeds (5 degrees of freedom)
  });

  test.each([
    [{ batch: 8, dropLast: true }, "shuffledBatches: expected at least 8 examples, got 7."],
    [{ batch: 0 }, "shuffledBatches: batch: expected a whole number of at least 1, got 0."],
    [{ batch: 2, seed: -1 }, "shuffledBatches: seed: expected a whole number from 0 to 4294967295, got -1."],
    [{ batch: 2, epochs: 0 }, "shuffledBatches: epochs: expected a whole number of at least 1, got 0."],
    [{ batch: 2, from: 0.5 }, "shuffledBatches: from: expected a whole number of at least 0, got 0.5."],
    [{ batch: 2, dropLast: 1 as unknown as boolean }, "shuffledBatches: dropLast: expected true or false, got 1."],
    [{ batch: 2, drop: true }, "shuffledBatches: expected none but batch, seed, epochs, from, dropLast, got drop."],
  ])("refuses %j", (options, message) => {
    expect(() => shuffledBatches(letters, options)).toThrow(WebgpuRnnError);
    expect(() => shuffledBatches(letters, options)).toThrow(message);
  });

  test("refuses no examples at all, also without dropLast", () => {
    expect(() => shuffledBatches([], { batch: 2 })).toThrow(
      "shuffledBatches: expected at least one example, got none.",
    );
    expect(() => shuffledBatches(letters, { batch: 8 })).not.toThrow();
  });
});

describe("batches", () => {
  const columns = {
    inputs: [[1], [2], [3], [4], [5]],
    lengths: Uint32Array.of(1, 2, 3, 4, 5),
    targets: [5, 4, 3, 2, 1],
  };

  test("gives the columns of the same examples, in the order of shuffledBatches", () => {
    const drawn = [...batches(columns, { batch: 2, seed: 3 })];
    const like = [...shuffledBatches([1, 2, 3, 4, 5], { batch: 2, seed: 3 })];
    expect(drawn.map(({ lengths }) => lengths)).toEqual(like.map(({ examples }) => examples));
    expect(drawn.map(({ cursor }) => cursor)).toEqual([1, 2, 3]);
    for (const { inputs, lengths, targets } of drawn) {
      expect(inputs).toEqual(lengths.map((length) => [length]));
      expect(targets).toEqual(lengths.map((length) => 6 - length));
    }
  });

  test("can be gone through again, and goes on where a run stopped", () => {
    const all = batches(columns, { batch: 2 });
    expect([...all]).toEqual([...all]);
    expect([...batches(columns, { batch: 2, from: 1 })]).toEqual([...all].slice(1));
  });

  test("refuses columns that are not equally long, and none", () => {
    expect(() => batches({ ...columns, targets: [1] }, { batch: 2 })).toThrow(
      "batches: expected as many of each, got 5 inputs, 5 lengths, 1 targets.",
    );
    expect(() => batches({}, { batch: 2 })).toThrow("expected at least one example, got none");
  });
});
