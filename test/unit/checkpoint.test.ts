import { describe, expect, test } from "vitest";
import { characters } from "../../src/data/characters.ts";
import { WebgpuRnnError } from "../../src/errors.ts";
import { type Checkpoint, loadModel, readCheckpoint, writeCheckpoint } from "../../src/io/checkpoint.ts";
import { checksum } from "../../src/io/digest.ts";
import { describeModel } from "../../src/io/layers.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/safetensors.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { encoderContext } from "../../src/nn/encoder-context.ts";
import { type EncoderDecoder, encoderDecoder } from "../../src/nn/encoder-decoder.ts";
import { gru } from "../../src/nn/gru.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import type { NamedTensors } from "../../src/tensor.ts";

const vocabulary = characters("abc");
const model = sequential(embedding(3, 2), lstm(2, 4, { layers: 2, dropout: 0.25, machine: "step" }), linear(4, 3));
const weights = initialWeights(model, 1);
const state = {
  steps: 7,
  counters: [7, 7, 0, 0],
  choices: { "batch=2 hidden=4": "step" },
  tensors: new Map([["state.1.state_l0", weights.get("2.bias") as never]]),
};
const file = writeCheckpoint({ model, weights, vocabulary, training: { state, options: { batch: 2 } } });

/** The file with some of its content replaced, and a checksum as if it were right. */
function withChanges(texts: Record<string, string>, added: NamedTensors = new Map()): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = readSafetensors(file);
  const { checksum: _, ...rest } = { ...metadata, ...texts };
  const all = new Map([...tensors, ...added]);
  return writeSafetensors(all, { ...rest, checksum: checksum(all, rest) });
}

/** As files were before version 2, the checksum of tensors alone or none. */
function ofVersion1(withChecksum: boolean): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = readSafetensors(file);
  const { checksum: _, ...rest } = metadata;
  const texts = { ...rest, version: "1" };
  return writeSafetensors(tensors, withChecksum ? { ...texts, checksum: checksum(tensors) } : texts);
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
    expect(() => readCheckpoint(withChanges(changes))).toThrow(message);
  });

  test("weights of another shape, missing or not finite", () => {
    const bias = { shape: [2], data: new Float32Array(2) };
    expect(() => readCheckpoint(withChanges({}, new Map([["2.bias", bias]])))).toThrow(
      'checkpoint: "2.bias": expected a tensor of shape [3], got [2].',
    );
    const nan = { shape: [3], data: Float32Array.of(0, Number.NaN, 0) };
    expect(() => readCheckpoint(withChanges({}, new Map([["2.bias", nan]])))).toThrow(
      'checkpoint: "2.bias": expected finite numbers, got NaN at place 1.',
    );
    expect(() => writeCheckpoint({ model, weights: new Map() })).toThrow("got none of this name");
  });
});

test("what is no file is refused", async () => {
  await expect(loadModel(new Response("gone", { status: 404 }))).rejects.toThrow("expected a file, got status 404.");
  await expect(loadModel("model.safetensors" as never)).rejects.toThrow("loadModel: expected the answer of fetch");
});

/** All that was read, as a text. */
function contentOf({ model, weights, vocabulary, training }: Checkpoint): string {
  const tensors = [...weights, ...(training?.state.tensors ?? [])];
  return JSON.stringify([describeModel(model), tensors, vocabulary, training]);
}

test("a checkpoint of which any one bit has changed is refused, or gives the same", () => {
  const whole = contentOf(readCheckpoint(file));
  const bytes = file.slice();
  let refused = 0;
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const [at, mask] = [bit >> 3, 1 << (bit & 7)];
    bytes[at] = (file[at] as number) ^ mask;
    try {
      expect(contentOf(readCheckpoint(bytes)), `bit ${bit}`).toBe(whole);
    } catch (error) {
      if (!(error instanceof WebgpuRnnError)) throw error;
      refused += 1;
    }
    bytes[at] = file[at] as number;
  }
  expect(refused).toBeGreaterThan(7.9 * bytes.length);
});

test("a checkpoint without a tensor, or with another text, is refused", () => {
  const { tensors, metadata } = readSafetensors(file);
  const fewer = new Map([...tensors].slice(1));
  for (const other of [writeSafetensors(fewer, metadata), writeSafetensors(tensors, { ...metadata, more: "" })]) {
    expect(() => readCheckpoint(other)).toThrow(/^checkpoint: expected content of checksum .* damaged/);
  }
  const { checksum: _, ...none } = metadata;
  expect(() => readCheckpoint(writeSafetensors(tensors, none))).toThrow("expected content of checksum (none is given)");
});

test("files of version 1 are read, with a checksum of their tensors or none", () => {
  for (const withChecksum of [true, false]) {
    const bytes = ofVersion1(withChecksum);
    expect([...readCheckpoint(bytes).weights]).toEqual([...weights]);
    bytes[bytes.length - 3] = (bytes.at(-3) as number) ^ 1;
    if (withChecksum) expect(() => readCheckpoint(bytes)).toThrow("expected content of checksum");
  }
});
