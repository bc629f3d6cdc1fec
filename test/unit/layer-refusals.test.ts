import { describe, expect, test } from "vitest";
import { activation } from "../../src/nn/activation.ts";
import { dropout } from "../../src/nn/dropout.ts";
import { gru } from "../../src/nn/gru.ts";
import { layerNorm } from "../../src/nn/layer-norm.ts";
import { linear } from "../../src/nn/linear.ts";
import { oneHot } from "../../src/nn/one-hot.ts";
import { lastStep, maxOverTime, meanOverTime } from "../../src/nn/pooling.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { checkStepwise } from "../../src/nn/stepwise.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";
import { createSampler } from "../../src/train/sampler.ts";

describe("a layer without a width", () => {
  test("takes that of the layer before", () => {
    const { layers } = sequential(linear(2, 3), activation("relu"), dropout(0.1), linear(3, 1));
    expect(layers.map(({ input, output }) => [input, output])).toEqual([
      [2, 3],
      [3, 3],
      [3, 3],
      [3, 1],
    ]);
  });

  test("cannot come first", () => {
    const got = "got dropout, which takes its width from the layer before it.";
    expect(() => sequential(dropout(0.1), linear(3, 1))).toThrow(got);
  });

  test("gives its width to the one after it", () => {
    const message = "sequential: layer 2 (linear): expected inputs of 3 features, the outputs of layer 1 (activation)";
    expect(() => sequential(linear(2, 3), activation("relu"), linear(4, 1))).toThrow(message);
  });
});

test("the last step above merged directions is refused, which cannot be told apart any more", () => {
  const layer = gru(3, 4, { bidirectional: true, merge: "sum" });
  const message =
    'got those of a gru layer, merged step by step. Give that layer returns: "last" in place of lastStep().';
  expect(() => sequential(layer, lastStep())).toThrow(message);
});

test.each([lastStep(), meanOverTime(), maxOverTime()])("a stream and a sampler refuse $kind", (pooling) => {
  const message = `expected layers that run forward in time, got layer 1 (${pooling.kind}), which needs the whole sequence.`;
  expect(() => checkStepwise("createStream", sequential(gru(3, 4), pooling))).toThrow(message);
});

test("a stream takes a convolution that looks back, and refuses one that looks ahead", () => {
  const causal = sequential(temporalConvolution(3, 4, { taps: 3 }));
  const centred = sequential(temporalConvolution(3, 4, { taps: 3, causal: false }));
  expect(() => checkStepwise("createStream", causal)).not.toThrow();
  const got = "got layer 0 (temporalConvolution), which needs the whole sequence.";
  expect(() => checkStepwise("createStream", centred)).toThrow(got);
});

test.each([
  [() => oneHot(0), "oneHot: vocabulary: expected a whole number from 1 to 65536, got 0."],
  [() => activation("swish" as never), "activation: expected one of tanh, sigmoid, relu, "],
  [() => activation({ name: "affine", alpha: 1 }), "activation: beta: expected a number, got none."],
  [() => dropout(1), "dropout: share: expected a number of at least 0 and below 1, got 1."],
  [() => temporalConvolution(2, 3, { taps: 0 }), "temporalConvolution: taps: expected a whole number from 1 to 65536"],
  [() => temporalConvolution(2, 3, undefined as never), "temporalConvolution: options: expected an object"],
  [() => temporalConvolution(2, 3, { taps: 2, causal: 1 as never }), "temporalConvolution: causal: expected true or f"],
  [() => layerNorm(2.5), "layerNorm: size: expected a whole number from 1 to 65536, got 2.5."],
  [() => layerNorm(2, { epsilon: -1 }), "layerNorm: epsilon: expected a finite number of at least 0, got -1."],
  [() => layerNorm(2, { eps: 1 } as never), "layerNorm: options: "],
])("%# is refused: %s", (build, message) => {
  expect(build).toThrow(message);
});

test("a sampler refuses a model that pools before it touches a device", async () => {
  const pooled = sequential(oneHot(5), linear(5, 5), meanOverTime());
  const message = "createSampler: expected layers that run forward in time, got layer 2 (meanOverTime), which needs";
  await expect(createSampler(undefined as never, pooled, { from: new Map() })).rejects.toThrow(message);
});
