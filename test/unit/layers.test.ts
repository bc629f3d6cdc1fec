import { describe, expect, test } from "vitest";
import { buildModel, describeModel } from "../../src/io/layers.ts";
import { gru } from "../../src/nn/gru.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { type RnnOptions, rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";

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

test.each([lstm, gru, rnn])("sizes and shares that make no sense are refused (%#)", (layer) => {
  expect(() => layer(3, 0)).toThrow(`${layer.name}: hidden: expected a whole number from 1 to 65536, got 0`);
  expect(() => layer(3, 5, { dropout: 1 })).toThrow(
    `${layer.name}: dropout: expected a number of at least 0 and below 1`,
  );
});

test.each(["sinus", "toString"])('an Elman network has no activation "%s"', (activation) => {
  const options = JSON.parse(JSON.stringify({ activation })) as RnnOptions;
  expect(() => rnn(3, 5, options)).toThrow(`rnn: activation f: expected one of tanh, sigmoid, relu, `);
});
