import { describe, expect, test } from "vitest";
import { batches } from "../../src/data/batches.ts";
import { crossEntropy } from "../../src/losses/cross-entropy.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { encoderContext } from "../../src/nn/encoder-context.ts";
import { encoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { readBatch } from "../read-batch.ts";
import { batch } from "./pair-batch.ts";

const encoder = sequential(embedding(4, 2), gru(2, 3));
const decoder = sequential(embedding(5, 2), gru(2, 3), linear(3, 5));
const model = encoderDecoder({ encoder, decoder, start: 4 });
const announced = { batch: 3, time: 3, targetTime: 4 };

describe("what does not fit is refused", () => {
  test.each([
    [
      () => sequential(embedding(5, 2), gru(2, 4)),
      "recurrent layer 0: expected states h of 3, the encoder's, got h of 4",
    ],
    [() => sequential(embedding(5, 2), lstm(2, 3)), "expected states h of 3, the encoder's, got h of 3 and c of 3"],
    [
      () => sequential(embedding(5, 2), gru(2, 3, { layers: 2 })),
      "decoder: expected as many recurrent layers as in the encoder, 1, and at least one, got 2",
    ],
    [
      () => sequential(embedding(5, 3)),
      "decoder: expected as many recurrent layers as in the encoder, 1, and at least one, got 0",
    ],
    [
      () => sequential(embedding(5, 2), gru(2, 3, { direction: "reverse" })),
      "decoder: layer 1 (gru): expected one that gives all steps, forward, from given states, got reverse",
    ],
    [
      () => sequential(embedding(5, 2), gru(2, 3, { initialState: "learned" })),
      "decoder: layer 1 (gru): expected one that gives all steps, forward, from given states, got initial states learned",
    ],
    [
      () => sequential(embedding(5, 2), gru(2, 3, { returns: "last" })),
      "decoder: layer 1 (gru): expected one that gives all steps, forward, from given states, got one step",
    ],
    [
      () => sequential(embedding(5, 2), encoderContext(2, 4), gru(6, 3)),
      "encoderContext: expected an encoder that ends with 4, got 3",
    ],
  ])("decoder %#", (other, message) => {
    expect(() => encoderDecoder({ encoder, decoder: other() })).toThrow(message);
  });

  test("start", () => {
    expect(() => encoderDecoder({ encoder, decoder, start: 5 })).toThrow(
      "encoderDecoder: start: expected a whole number from 0 to 4, got 5",
    );
    const numbers = sequential(gru(2, 3));
    expect(() => encoderDecoder({ encoder, decoder: numbers, start: 0 })).toThrow("for a decoder that reads features");
  });

  test.each([
    [{ start: false }, "batch: start: expected true for an encoder and a decoder, got false"],
    [{ start: "no" as never }, "batch: start: expected true or false, got no"],
    [
      { targets: [[1], [2], [3]], targetLengths: [1, 2, 1] },
      "targetLengths: row 1: expected a whole number from 0 to 1",
    ],
    [
      { targets: Array(3).fill([1, 2, 3, 0, 1]) },
      "targets: steps of a row: expected a whole number from 1 to 4, got 5",
    ],
    [{ decoderInputs: [[1], [2], [3]] }, "decoderInputs: expected 3 rows of 4 steps, as the targets, got 3 rows of 1"],
    [{ inputs: [[1, 1, 1, 1]] }, "inputs: expected at most batch 3 and time 3, as announced, got batch 1 and time 4"],
  ])("batch %j", (wrong, message) => {
    expect(() => readBatch(model, crossEntropy(), { ...batch, ...wrong }, announced)).toThrow(message);
  });

  test("no start, no decoder inputs", () => {
    const without = encoderDecoder({ encoder, decoder });
    expect(() => readBatch(without, crossEntropy(), batch, announced)).toThrow(
      "decoderInputs: expected target ids behind the model's start, got none",
    );
    const given = { ...batch, decoderInputs: batch.targets };
    expect([...(readBatch(without, crossEntropy(), given, announced).decoderInputs ?? [])].slice(0, 3)).toEqual([
      1, 3, 2,
    ]);
  });
});

test("the decoder reads 0 for a target that is ignored", () => {
  const targets = [
    [1, -100, 3, 2],
    [3, 3, -100, -100],
    [2, -100, -100, -100],
  ];
  const loss = crossEntropy({ ignoreIndex: -100 });
  const { decoderInputs } = readBatch(model, loss, { inputs: batch.inputs, targets }, announced);
  expect([...(decoderInputs ?? [])]).toEqual([...[4, 4, 4], ...[1, 3, 2], ...[0, 3, 0], ...[3, 0, 0]]);
});

test("batches drawn from columns are taken as they are", () => {
  const [drawn] = batches(batch, { batch: 3 });
  expect(readBatch(model, crossEntropy(), drawn as NonNullable<typeof drawn>, announced).weight).toBe(7);
});

test("the decoder reads the targets one step late behind the start", () => {
  expect([...(readBatch(model, crossEntropy(), batch, announced).decoderInputs ?? [])]).toEqual([
    ...[4, 4, 4],
    ...[1, 3, 2],
    ...[2, 3, 0],
    ...[3, 0, 0],
  ]);
});

test("batches of pairs are taken as the data gives them", () => {
  const [given] = batches(batch, { batch: 3 });
  expect(given?.cursor).toBe(1);
  expect(readBatch(model, crossEntropy(), given as NonNullable<typeof given>, announced).targetTime).toBe(4);
});

test("a batch of one sequence refuses a start that is neither true nor false", () => {
  const given = { inputs: [0], targets: [1], start: "no" as never };
  expect(() => readBatch(decoder, crossEntropy(), given, { batch: 1, time: 1, targetTime: 1 })).toThrow(
    "batch: start: expected true or false, got no.",
  );
});
