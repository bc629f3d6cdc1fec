import { describe, expect, test } from "vitest";
import { Draws } from "../../src/data/draws.ts";
import { WebgpuRnnError } from "../../src/errors.ts";
import {
  accuracy,
  argmax,
  bitsPerCharacter,
  confusionMatrix,
  f1,
  meanAbsoluteError,
  perplexity,
} from "../../src/metrics/index.ts";

const tensor = (shape: number[], ...data: number[]) => ({ shape, data: Float32Array.from(data) });

/** Random predictions and targets over some of the classes, and ignored places. */
function random(seed: number) {
  const draws = new Draws(seed);
  const classes = draws.between(1, 6);
  const used = draws.between(1, classes);
  const length = draws.between(1, 40);
  const labels = () => Array.from({ length }, () => draws.below(used));
  return { classes, predictions: labels(), targets: labels().map((label) => (draws.below(4) === 0 ? -100 : label)) };
}
const seeds = Array.from({ length: 30 }, (_, seed) => seed);

describe("argmax and accuracy", () => {
  // Rows: class 2, class 0 (the first of two equal ones), class 1, class 0.
  const outputs = tensor([2, 2, 3], 0, 1, 2, 5, 5, -1, -3, -1, -2, Infinity, 0, -Infinity);

  test("take the largest output, of equal ones the first", () => {
    expect(argmax(outputs)).toEqual(Uint32Array.of(2, 0, 1, 0));
    expect(accuracy(outputs, [2, 0, 1, 1])).toBe(0.75);
    expect(accuracy(outputs, [Uint32Array.of(2, 1), [0, 1]])).toBe(0.25);
  });

  test("leave ignored places out, also of an index that is no class", () => {
    expect(accuracy(outputs, [2, -100, -100, 1], { ignoreIndex: -100 })).toBe(0.5);
    expect(accuracy(outputs, [0, 1, 1, 0], { ignoreIndex: 0 })).toBe(0.5);
  });

  test("give NaN and nothing where nothing counts", () => {
    expect(accuracy(outputs, [7, 7, 7, 7], { ignoreIndex: 7 })).toBeNaN();
    expect(accuracy(tensor([0, 3]), [])).toBeNaN();
    expect(argmax(tensor([0, 3]))).toEqual(new Uint32Array(0));
  });

  test.each([
    [outputs, [0, 0, 0], "accuracy: targets: expected 4 of them, got 3."],
    [outputs, [0, 0, 0, 3], "accuracy: targets: expected classes from 0 to 2, got 3."],
    [outputs, [0, 0, 0, -100], "accuracy: targets: expected classes from 0 to 2, got -100."],
    [outputs, [0, 0, 0, 0.5], "accuracy: targets: expected classes from 0 to 2, got 0.5."],
    [tensor([1, 2], 0, NaN), [0], "argmax: expected numbers, got NaN at place 1."],
    [tensor([2, 2], 0, 1), [0], "argmax: expected 4 numbers for shape [2, 2], got 2."],
    [tensor([2, 0]), [0, 0], "argmax: expected shape [..., classes], got [2, 0]."],
    [outputs, 5 as unknown as number[], "accuracy: targets: expected numbers in an array or a tensor, got 5."],
  ])("refuse wrong input, case %#", (given, targets, message) => {
    expect(() => accuracy(given, targets)).toThrow(new WebgpuRnnError(message));
  });
});

describe("f1 and confusionMatrix", () => {
  test("agree with counts by hand", () => {
    // Class 0: TP 2, FP 1, FN 0. Class 1: TP 1, FP 0, FN 2. Class 2: TP 0, FP 1, FN 0. Class 3 never occurs.
    const [predictions, targets] = [
      [0, 0, 0, 1, 2],
      [0, 0, 1, 1, 1],
    ];
    const scores = f1(predictions, targets, { classes: 4 });
    expect(scores.perClass).toEqual(Float64Array.of(4 / 5, 2 / 4, 0, NaN));
    expect(scores.macro).toBeCloseTo(1.3 / 3, 15);
    expect(scores.micro).toBe(3 / 5);
    const matrix = confusionMatrix(predictions, targets, { classes: 4 });
    expect([...matrix]).toEqual([2, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test.each(seeds)("agree with precision and recall counted one class at a time, seed %i", (seed) => {
    const { classes, predictions, targets } = random(seed);
    const pairs = predictions.map((p, i) => ({ p, t: targets[i] as number })).filter(({ t }) => t !== -100);
    const expected = Array.from({ length: classes }, (_, c) => {
      const hits = pairs.filter(({ p, t }) => p === c && t === c).length;
      const [predicted, wanted] = [pairs.filter(({ p }) => p === c).length, pairs.filter(({ t }) => t === c).length];
      if (predicted + wanted === 0) return NaN;
      if (hits === 0) return 0;
      const [precision, recall] = [hits / predicted, hits / wanted];
      return (2 * precision * recall) / (precision + recall);
    });
    const seen = expected.filter((value) => !Number.isNaN(value));
    const scores = f1([predictions], [targets], { classes, ignoreIndex: -100 });
    for (const [c, value] of expected.entries()) near(scores.perClass[c] as number, value);
    near(scores.macro, seen.reduce((sum, value) => sum + value, 0) / seen.length);
    const logits = tensor([predictions.length, classes], ...predictions.flatMap((p) => oneHot(p, classes)));
    near(scores.micro, accuracy(logits, targets, { ignoreIndex: -100 }));
    near(scores.micro, pairs.filter(({ p, t }) => p === t).length / pairs.length);
  });

  test("give NaN where nothing counts", () => {
    const options = { classes: 2, ignoreIndex: 9 };
    expect(f1([0, 1], [9, 9], options)).toEqual({ perClass: Float64Array.of(NaN, NaN), macro: NaN, micro: NaN });
    expect(confusionMatrix([], [], options)).toEqual(new Uint32Array(4));
  });

  test.each([
    [[0], [0, 1], { classes: 2 }, "targets: expected 1 of them, got 2."],
    [[2], [0], { classes: 2 }, "predictions: expected classes from 0 to 1, got 2."],
    [[0], [-100], { classes: 2 }, "targets: expected classes from 0 to 1, got -100."],
    [[-100], [0], { classes: 2, ignoreIndex: -100 }, "predictions: expected classes from 0 to 1, got -100."],
    [[0], [0], { classes: 0 }, "classes: expected a whole number of at least 1, got 0."],
    [[0], [0], undefined as never, "expected the number of classes, got none. Give { classes } behind the targets."],
  ])("refuse %j and %j with %j", (predictions, targets, options, message) => {
    expect(() => f1(predictions, targets, options)).toThrow(new WebgpuRnnError(`f1: ${message}`));
    const refused = new WebgpuRnnError(`confusionMatrix: ${message}`);
    expect(() => confusionMatrix(predictions, targets, options)).toThrow(refused);
  });
});

/** Both NaN, or apart by a few roundings of numbers of at most 1. */
function near(given: number, wanted: number): void {
  if (Number.isNaN(wanted)) expect(given).toBeNaN();
  else expect(Math.abs(given - wanted)).toBeLessThan(16 * Number.EPSILON);
}

const oneHot = (label: number, classes: number) => Array.from({ length: classes }, (_, c) => Number(c === label));

test("perplexity and bits undo the logarithm of equally likely symbols", () => {
  expect(perplexity(Math.log(8))).toBeCloseTo(8, 13);
  expect(bitsPerCharacter(Math.log(8))).toBeCloseTo(3, 14);
  expect([perplexity(0), bitsPerCharacter(0)]).toEqual([1, 0]);
  expect([perplexity(NaN), bitsPerCharacter(NaN)]).toEqual([NaN, NaN]);
  for (const measure of [perplexity, bitsPerCharacter] as unknown as ((...given: unknown[]) => number)[]) {
    expect(() => measure(tensor([1, 2], 0, 1), [1])).toThrow(": expected a mean loss in nats, one number, got object.");
  }
});

describe("meanAbsoluteError", () => {
  test("is the mean over all numbers, in whatever shape they come", () => {
    expect(meanAbsoluteError([1, 2, 3, 4], [2, 2, 1, 4.5])).toBe(3.5 / 4);
    const outputs = tensor([2, 1, 2], 1, 2, 3, 4);
    expect(meanAbsoluteError(outputs, [[2, 2], Float32Array.of(1, 4.5)])).toBe(3.5 / 4);
    expect(meanAbsoluteError([-1], [-3])).toBe(2);
  });

  test("sums in float64", () => {
    const count = 2 ** 20; // a float32 sum of tenths this long is off in its third place
    const error = meanAbsoluteError(new Float32Array(count).fill(0.1), new Float32Array(count));
    expect(Math.abs(error / Math.fround(0.1) - 1)).toBeLessThan(count * 2 ** -53);
  });

  test("is NaN where there are no numbers or one is NaN", () => {
    expect(meanAbsoluteError([], [])).toBeNaN();
    expect(meanAbsoluteError([1, NaN], [1, 1])).toBeNaN();
  });

  test("refuses other counts and tensors that their data do not fill", () => {
    expect(() => meanAbsoluteError([1], [1, 2])).toThrow("meanAbsoluteError: targets: expected 1 of them, got 2.");
    expect(() => meanAbsoluteError(tensor([3], 1), [1])).toThrow(
      "meanAbsoluteError: outputs: expected 3 numbers for shape [3], got 1.",
    );
  });
});
