import { describe, expect, test } from "vitest";
import { characters } from "../../src/data/characters.ts";
import { loadModel, readCheckpoint, writeCheckpoint } from "../../src/io/checkpoint.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/safetensors.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { encoderContext } from "../../src/nn/encoder-context.ts";
import { type EncoderDecoder, encoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { gru } from "../../src/nn/gru.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";

const vocabulary = characters("abc");
const model = sequential(embedding(3, 2), lstm(2, 4, { layers: 2, dropout: 0.25, machine: "step" }), linear(4, 3));
const weights = initialWeights(model, 1);
const state = {
  steps: 7,
  counters: [7, 7, 0, 0],
  tensors: new Map([["state.1.state_l0", weights.get("2.bias") as never]]),
};
const file = writeCheckpoint({ model, weights, vocabulary, training: { state, options: { batch: 2 } } });

/** The file with some of its metadata replaced. */
function withMetadata(changes: Record<string, string>): Uint8Array {
  const { tensors, metadata } = readSafetensors(file);
  return writeSafetensors(tensors, { ...metadata, ...changes });
}

test("a checkpoint gives back what was written", async () => {
  const read = await loadModel(new Response(file));
  expect(String(read.model)).toBe(String(model));
  expect(read.model.layers.map(({ config }) => config)).toEqual(model.layers.map(({ config }) => config));
  expect([...read.weights]).toEqual([...weights]);
  expect(read.vocabulary?.characters).toEqual(vocabulary.characters);
  expect(read.training).toEqual({ state, options: { batch: 2 } });
});

test("an encoder and a decoder come back as they were", () => {
  const encoder = sequential(embedding(3, 2), gru(2, 4));
  const decoder = sequential(embedding(5, 2), encoderContext(2, 4), gru(6, 4), linear(4, 5));
  for (const options of [{}, { start: 4, attention: "additive" as const }]) {
    const pair = encoderDecoder({ encoder, decoder, ...options });
    const drawn = initialWeights(pair, 1);
    const read = readCheckpoint(writeCheckpoint({ model: pair, weights: drawn }));
    expect(String(read.model)).toBe(String(pair));
    const { start, attention } = read.model as EncoderDecoder;
    expect([start, attention?.score]).toEqual([pair.start, pair.attention?.score]);
    expect([...read.weights]).toEqual([...drawn]);
  }
});

describe("a damaged checkpoint is refused", () => {
  test.each([
    [{ format: "pt" }, "checkpoint: expected format webgpu-rnn"],
    [{ version: "99" }, "checkpoint: expected format webgpu-rnn"],
    [{ model: "null" }, "model: expected a list of layers"],
    [{ model: "[null]" }, "model: kind of layer: expected one of activation"],
    [{ model: '[{"kind":"constructor"}]' }, "model: kind of layer: expected one of activation"],
    [{ model: '[{"kind":"linear","inputs":0,"outputs":2}]' }, "linear: inputs: expected a whole number"],
    [{ model: '{"encoder":[],"decoder":[]}' }, "sequential: expected at least one layer"],
    [{ model: "{" }, 'checkpoint: its "model" is not JSON'],
    [{ vocabulary: "5" }, "checkpoint: vocabulary: expected a list of 3 characters"],
    [{ vocabulary: '["a","b"]' }, "checkpoint: vocabulary: expected a list of 3 characters, got 2"],
    [{ training: "null" }, "checkpoint: training: expected options, steps and counters"],
    [{ training: '{"options":{},"steps":-3,"counters":[]}' }, "checkpoint: steps: expected a whole number"],
  ])("%j", (changes, message) => {
    expect(() => readCheckpoint(withMetadata(changes))).toThrow(message);
  });

  test("weights of another shape, missing or not finite", () => {
    const { tensors, metadata: whole } = readSafetensors(file);
    const { checksum: _, ...metadata } = whole; // as if it were right
    const bias = { shape: [2], data: new Float32Array(2) };
    expect(() => readCheckpoint(writeSafetensors(new Map([...tensors, ["2.bias", bias]]), metadata))).toThrow(
      'checkpoint: "2.bias": expected a tensor of shape [3], got [2].',
    );
    const nan = { shape: [3], data: Float32Array.of(0, Number.NaN, 0) };
    expect(() => readCheckpoint(writeSafetensors(new Map([...tensors, ["2.bias", nan]]), metadata))).toThrow(
      'checkpoint: "2.bias": expected finite numbers, got NaN at place 1.',
    );
    expect(() => writeCheckpoint({ model, weights: new Map() })).toThrow("got none of this name");
  });
});

test("what is no file is refused", async () => {
  await expect(loadModel(new Response("gone", { status: 404 }))).rejects.toThrow("expected a file, got status 404.");
  await expect(loadModel("model.safetensors" as never)).rejects.toThrow("loadModel: expected the answer of fetch");
});

test("a checkpoint of which a bit of a tensor has changed, or a tensor is gone, is refused", () => {
  const model = sequential(linear(2, 2));
  const weights = initialWeights(model, 1);
  const bytes = writeCheckpoint({ model, weights });
  expect(readCheckpoint(bytes).weights).toEqual(weights);
  bytes[bytes.length - 3] = (bytes.at(-3) as number) ^ 1;
  expect(() => readCheckpoint(bytes)).toThrow(/^checkpoint: expected tensors of checksum .* damaged/);
  const { tensors, metadata } = readSafetensors(writeCheckpoint({ model, weights }));
  const fewer = new Map([...tensors].slice(1));
  expect(() => readCheckpoint(writeSafetensors(fewer, metadata))).toThrow(/^checkpoint: expected tensors of checksum/);
});
