import { describe, expect, test } from "vitest";
import { buildModel, describeModel } from "../../src/io/layers.ts";
import { defineCell } from "../../src/nn/define-cell.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { jordan } from "../../src/nn/jordan.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { mgu } from "../../src/nn/mgu.ts";
import { recurrent } from "../../src/nn/own-cell.ts";
import type { RecurrentOptions } from "../../src/nn/recurrent-options.ts";
import { indrnn, rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";

const options = { layers: 2, dropout: 0.25, machine: "step" } as const;

describe.each([
  { layer: lstm(3, 5, options), gates: 4 },
  { layer: gru(3, 5, options), gates: 3 },
  { layer: rnn(3, 5, { ...options, activation: "relu" }), gates: 1 },
])("$layer.kind", ({ layer, gates }) => {
  test("has PyTorch's parameters", () => {
    const shapes = [0, 1].flatMap((level) => [
      [`weight_ih_l${level}`, [gates * 5, level === 0 ? 3 : 5]],
      [`weight_hh_l${level}`, [gates * 5, 5]],
      [`bias_ih_l${level}`, [gates * 5]],
      [`bias_hh_l${level}`, [gates * 5]],
    ]);
    expect(layer.parameters.map(({ name, shape }) => [name, shape])).toEqual(shapes);
  });

  test("comes back from a checkpoint's description as it was", () => {
    const description = JSON.parse(JSON.stringify(describeModel(sequential(layer))));
    const [built] = buildModel(description).layers;
    expect(built).toMatchObject({ kind: layer.kind, config: layer.config });
  });
});

const all: Required<Omit<RecurrentOptions, "bidirectional">> = {
  layers: 2,
  direction: "bidirectional",
  merge: "mean",
  bias: true,
  layerNorm: true,
  inputDropout: 0.1,
  dropout: 0.2,
  recurrentDropout: 0.3,
  recurrentDropoutMask: "sequence",
  dropConnect: 0.4,
  zoneout: 0.5,
  initialState: "learned",
  padding: "carry",
  returns: "last",
  initial: { weight: "xavierUniform", recurrent: "orthogonal" },
  machine: "scan",
};
const leaky = { name: "leakyRelu", alpha: 0.5 } as const;

test.each([
  lstm(3, [4, 5], { ...all, peepholes: true, coupled: true, cellClip: 3, projection: 2, clip: 5 }),
  lstm(3, 4, { ...all, forgetBias: 1, activations: ["sigmoid", leaky, "tanh", "hardSigmoid", "relu", "tanh"] }),
  gru(3, 4, { ...all, reset: "before", clip: 5, activations: [leaky, "softsign"] }),
  rnn(3, 4, { ...all, activation: [leaky, "elu"], clip: 5 }),
  indrnn(3, 4, { ...all, activation: leaky, clip: 5, initial: { weight: "heNormal" } }),
  mgu(3, 4, { ...all }),
  jordan(3, 4, 2, { ...all, activations: ["relu", leaky] }),
  gru(3, 4, { bidirectional: true }),
  linear(3, 4, { initial: { weight: "heNormal" } }),
  embedding(3, 4, { initial: { weight: "orthogonal" } }),
  temporalConvolution(3, 4, { taps: 2, dilation: 3, causal: false, initial: { weight: "xavierNormal" } }),
])("all options of a layer survive a checkpoint's description: $kind %#", (layer) => {
  const [built] = buildModel(JSON.parse(JSON.stringify(describeModel(sequential(layer))))).layers;
  const { kind, config, parameters, input, output } = layer;
  expect(built).toMatchObject({ kind, config, parameters, input, output });
});

test("a layer of a cell of one's own is not described by a file, which says how to keep its weights", () => {
  const cell = defineCell({ name: "own", gates: ["a"], states: ["h"], forward: "h = x.a;", backward: "dx.a = dh;" });
  const model = sequential(recurrent(cell, 3, 4), linear(4, 2));
  const message = /^checkpoint: layer 0 \(recurrent\): expected one of .* Save the weights alone with writeSafetensors/;
  expect(() => describeModel(model)).toThrow(message);
});
