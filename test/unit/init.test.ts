import { describe, expect, test } from "vitest";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { INITIALIZERS, type Initializer } from "../../src/nn/initializers.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { indrnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";

const drawn = (layer: Layer, name: string, seed = 7): Float32Array =>
  initialWeights(sequential(layer), seed).get(`0.${name}`)?.data as Float32Array;

test("without a choice a seed gives the bits that it has always given", () => {
  const model = sequential(embedding(3, 2), lstm(2, 2, { forgetBias: 1 }), linear(2, 1));
  const weights = initialWeights(model, 7);
  const begin = (name: string): number[] => [...(weights.get(name)?.data.subarray(0, 3) ?? [])];
  expect(begin("0.weight")).toEqual([-0.20196911692619324, -0.5701187252998352, 0.40022993087768555]);
  expect(begin("1.weight_ih_l0")).toEqual([-0.6576758623123169, -0.1193924993276596, -0.07099282741546631]);
  expect(begin("1.weight_hh_l0")).toEqual([0.23771260678768158, -0.4232572913169861, -0.6418506503105164]);
  expect(begin("1.bias_ih_l0")).toEqual([0.5206975936889648, 0.32732540369033813, 1]);
  expect(begin("2.bias")).toEqual([-0.4065331518650055]);
});

/** Weights of 20,000 numbers, with the inputs and outputs of one of their matrices, or one gate's. */
const places: readonly [string, (chosen: Initializer) => Float32Array, number, number][] = [
  ["linear", (weight) => drawn(linear(100, 200, { initial: { weight } }), "weight"), 100, 200],
  ["embedding", (weight) => drawn(embedding(200, 100, { initial: { weight } }), "weight"), 100, 200],
  [
    "temporal convolution",
    (weight) => drawn(temporalConvolution(50, 100, { taps: 4, initial: { weight } }), "weight"),
    200,
    400,
  ],
  ["gates", (weight) => drawn(lstm(100, 50, { initial: { weight } }), "weight_ih_l0"), 100, 50],
  ["recurrent gates", (recurrent) => drawn(gru(3, 80, { initial: { recurrent } }), "weight_hh_l0"), 80, 80],
];

describe.each(places)("%s", (_, weights, inputs, outputs) => {
  const meanSquare = (data: Float32Array): number => data.reduce((sum, value) => sum + value * value, 0) / data.length;

  test.each([
    ["xavierUniform", "xavierNormal", 2 / (inputs + outputs)],
    ["heUniform", "heNormal", 2 / inputs],
  ] as const)("%s and %s have their variance, and the uniform one its bound", (uniform, normal, variance) => {
    // A mean of 19,200 squares or more strays from the variance by 2 / √19200 of it (five deviations: 7.3 % where
    // normal, 3.3 % where uniform).
    expect(Math.abs(meanSquare(weights(normal)) / variance - 1)).toBeLessThan(0.073);
    expect(Math.abs(meanSquare(weights(uniform)) / variance - 1)).toBeLessThan(0.033);
    const largest = Math.max(...weights(uniform).map(Math.abs));
    const bound = Math.sqrt(3 * variance);
    expect(largest).toBeLessThanOrEqual(Math.fround(bound));
    expect(largest).toBeGreaterThan(0.99 * bound); // 19,200 numbers miss the last hundredth once in 10^83 seeds
    expect(Math.max(...weights(normal).map(Math.abs))).toBeGreaterThan(3 * Math.sqrt(variance));
  });

  test("the same seed gives the same weights, whatever is chosen", () => {
    for (const chosen of INITIALIZERS) expect(weights(chosen)).toEqual(weights(chosen));
  });
});

describe("orthogonal", () => {
  /** Largest difference of the products of rows, or of columns, from those of an orthonormal set. */
  function strays(matrix: Float32Array, rows: number, columns: number): number {
    const at = (vector: number, i: number): number =>
      matrix[rows < columns ? vector * columns + i : i * columns + vector] as number;
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    let most = 0;
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = a === b ? -1 : 0;
        for (let i = 0; i < length; i++) sum += at(a, i) * at(b, i);
        most = Math.max(most, Math.abs(sum));
      }
    }
    return most;
  }
  // Each number of a vector of length 1 is rounded to float32 by 2^-25 of it, or 2^-24 where both vectors are.
  const ROUNDING = 2 ** -24;

  test.each([
    [40, 24],
    [24, 40],
    [30, 30],
  ])("a weight of %d rows and %d columns", (rows, columns) => {
    const weight = drawn(linear(columns, rows, { initial: { weight: "orthogonal" } }), "weight");
    expect(strays(weight, rows, columns)).toBeLessThan(ROUNDING);
  });

  test("each gate by itself", () => {
    const layer = gru(3, 20, { initial: { recurrent: "orthogonal" } });
    const weight = drawn(layer, "weight_hh_l0");
    const gates = [0, 1, 2].map((gate) => weight.subarray(gate * 400, (gate + 1) * 400));
    for (const gate of gates) expect(strays(gate, 20, 20)).toBeLessThan(ROUNDING);
    expect(gates[0]).not.toEqual(gates[1]);
    expect(drawn(layer, "weight_hh_l0", 8)).not.toEqual(weight);
    expect(drawn(layer, "weight_ih_l0")).toEqual(drawn(gru(3, 20), "weight_ih_l0"));
  });
});

test.each([
  [
    () => linear(2, 3, { initial: { weight: "glorot" as never } }),
    "linear: initial.weight: expected one of xavierUniform, xavierNormal, heUniform, heNormal, orthogonal, got glorot.",
  ],
  [() => linear(2, 3, { initial: { recurrent: "heNormal" } as never }), "linear: initial: "],
  [() => linear(2, 3, { weight: "heNormal" } as never), "linear: options: "],
  [() => embedding(2, 3, { initial: { bias: "heNormal" } as never }), "embedding: initial: "],
  [() => gru(2, 3, { initial: { weights: "heNormal" } as never }), "gru: initial: "],
  [() => gru(2, 3, { initial: { recurrent: "zero" as never } }), "gru: initial.recurrent: expected one of xavier"],
  [() => temporalConvolution(2, 3, { taps: 2, initial: "heNormal" as never }), "temporalConvolution: initial: "],
  [
    () => indrnn(2, 3, { initial: { recurrent: "orthogonal" } }),
    "indrnn: initial.recurrent: expected none where R is a diagonal, got orthogonal.",
  ],
])("%# is refused: %s", (build, message) => {
  expect(build).toThrow(message);
});
