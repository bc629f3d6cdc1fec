import { describe, expect, test } from "vitest";
import * as data from "../../src/data/index.ts";
import { WebgpuRnnError } from "../../src/errors.ts";
import * as metrics from "../../src/metrics/index.ts";

const outputs = { shape: [2, 2], data: Float32Array.of(0, 1, 1, 0) };
const characters = data.characters("ab");
const words = data.words("a b");

/** What JavaScript lets through: a function, what it is given, and what it answers. */
const REFUSED: readonly (readonly [object, readonly unknown[], string])[] = [
  [data.characters, [undefined], "characters: expected a text, got undefined."],
  [data.characters, [["a"]], "characters: expected a text, got an object."],
  [data.vocabularyFrom, [undefined], "vocabularyFrom: expected characters in an array, got undefined."],
  [data.vocabularyFrom, ["ab"], "vocabularyFrom: expected characters in an array, got a text."],
  [characters.encode, [null], "encode: expected a text, got null."],
  [characters.decode, [3], "decode: expected ids in an array or the like, got 3."],
  [data.words, [undefined], "words: expected a text, or several in an array, got undefined."],
  [data.words, [[1]], "words: expected a text, got 1."],
  [data.wordsFrom, [undefined], "wordsFrom: expected an object with any of words, unknown, padding, got undefined."],
  [data.wordsFrom, [{ unknown: "a" }], "wordsFrom: words: expected words in an array, got undefined."],
  [words.encode, [undefined], "encode: expected a text, got undefined."],
  [words.decode, [{}], "decode: expected ids in an array or the like, got an object."],
  [data.split, [undefined, 0.5], "split: expected ids in a Uint32Array, got undefined. Make one by Uint32Array.from."],
  [data.split, [[1, 2, 3], 0.5], "split: expected ids in a Uint32Array, got 1,2,3. Make one by Uint32Array.from."],
  [data.padSequences, [undefined], "padSequences: expected rows in an array, got undefined."],
  [data.padSequences, [[[1], undefined]], "padSequences: row 1: expected numbers in an array, got undefined."],
  [data.padSequences, [["abc"]], "padSequences: row 0: expected numbers in an array, got a text."],
  [data.windows, [undefined, { time: 2 }], "windows: expected numbers in an array, got undefined."],
  [data.windows, [{}, { time: 2 }], "windows: expected numbers in an array, got an object."],
  [data.shuffledBatches, [undefined, { batch: 2 }], "shuffledBatches: expected examples in an array, got undefined."],
  [
    data.shuffledBatches,
    [[1, 2, 3], { batch: 2, epochs: 3, from: 7 }],
    "shuffledBatches: from: expected at most the 6 batches there are, got 7.",
  ],
  [data.shuffledBatches, [7, { batch: 2 }], "shuffledBatches: expected examples in an array, got 7."],
  [
    data.batches,
    [undefined, { batch: 2 }],
    "batches: expected columns by name, such as { inputs, targets }, got undef",
  ],
  [
    data.batches,
    [{ inputs: undefined }, { batch: 2 }],
    "batches: inputs: expected examples in an array, got undefined.",
  ],
  [data.batches, [{ inputs: [1] }, undefined], "shuffledBatches: expected an object with any of batch, seed, epochs"],
  [data.streams, [undefined, { batch: 1, time: 1 }], "streams: expected ids in an array, got undefined."],
  [metrics.argmax, [undefined], "argmax: expected a tensor with shape and data, got undefined."],
  [metrics.argmax, [{ shape: [2, 2], data: undefined }], "argmax: data: expected numbers in an array, got undefined."],
  [metrics.accuracy, [undefined, [0]], "argmax: expected a tensor with shape and data, got undefined."],
  [metrics.accuracy, [[1, 2], [0]], "argmax: expected a tensor with shape and data, got 1,2."],
  [
    metrics.accuracy,
    [outputs, undefined],
    "accuracy: targets: expected numbers in an array or a tensor, got undefined.",
  ],
  [metrics.accuracy, [outputs, {}], "accuracy: targets: expected numbers in an array, got an object."],
  [metrics.accuracy, [outputs, [[0], null]], "accuracy: targets: row 1: expected numbers in an array, got null."],
  [metrics.accuracy, [outputs, [0, 1], null], "accuracy: expected an object with any of ignoreIndex, got null."],
  [
    metrics.f1,
    [undefined, [0], { classes: 2 }],
    "f1: predictions: expected numbers in an array or a tensor, got undef",
  ],
  [metrics.f1, [[0], [0]], "f1: expected the number of classes, got none. Give { classes } behind the targets."],
  [metrics.f1, [[0], [0], { clases: 2 }], "f1: expected none but classes, ignoreIndex, got clases. Write classes."],
  [
    metrics.confusionMatrix,
    [[0], [0]],
    "confusionMatrix: expected the number of classes, got none. Give { classes } behind the targets.",
  ],
  [metrics.meanAbsoluteError, [{}, {}], "meanAbsoluteError: outputs: expected numbers in an array, got an object."],
];

describe("data and metrics refuse what is not of their kind", () => {
  test.each(REFUSED.map(([call, given, message]) => ({ call, given, message })))(
    "$message",
    ({ call, given, message }) => {
      let error: unknown;
      try {
        Reflect.apply(call as () => unknown, undefined, given);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(WebgpuRnnError);
      expect(String(error)).toContain(message);
    },
  );
});

test("array-likes of other kinds are served as before", () => {
  expect(data.windows({ length: 3, 0: 1, 1: 2, 2: 3 }, { time: 2 })).toHaveLength(1);
  expect(characters.decode(new Set([1, 0]))).toBe("ba");
  expect(metrics.accuracy(outputs, Uint32Array.of(1, 1))).toBe(0.5);
});
