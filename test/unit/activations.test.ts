import { describe, expect, test } from "vitest";
import { activationKey, activationText } from "../../src/ops/activation-text.ts";
import {
  ACTIVATION_NAMES,
  type Activation,
  type ActivationName,
  resolveActivation,
} from "../../src/ops/activations.ts";
import { activationTwin } from "../../src/oracle/activations.ts";

const resolve = (activation: Activation) => resolveActivation("f", activation);
const refused = (activation: unknown) => () => resolve(activation as Activation);

/** With parameters that float32 has exactly; values at -0.75 and 1.5 by ONNX's formulas, written out plainly. */
const examples: readonly { activation: Activation; values: readonly [number, number] }[] = [
  { activation: "tanh", values: [Math.tanh(-0.75), Math.tanh(1.5)] },
  { activation: "sigmoid", values: [1 / (1 + Math.exp(0.75)), 1 / (1 + Math.exp(-1.5))] },
  { activation: "relu", values: [0, 1.5] },
  { activation: { name: "leakyRelu", alpha: 0.25 }, values: [-0.1875, 1.5] },
  { activation: "thresholdedRelu", values: [0, 1.5] },
  { activation: { name: "elu", alpha: 0.5 }, values: [0.5 * (Math.exp(-0.75) - 1), 1.5] },
  { activation: { name: "affine", alpha: -2, beta: 0.5 }, values: [2, -2.5] },
  { activation: { name: "scaledTanh", alpha: -3, beta: 0.5 }, values: [3 * Math.tanh(0.375), -3 * Math.tanh(0.75)] },
  { activation: { name: "hardSigmoid", alpha: 0.25, beta: 0.5 }, values: [0.3125, 0.875] },
  { activation: "softsign", values: [-0.75 / 1.75, 0.6] },
  { activation: "softplus", values: [Math.log(1 + Math.exp(-0.75)), Math.log(1 + Math.exp(1.5))] },
];

/** Central differences in float64: truncation about H² = 1e-10, rounding about 2^-53 / H = 1e-11. */
const H = 1e-5;
const DIGITS = 8;
/** On both sides of every kink (-2, 0, 1, 2), none within H of one. */
const points = [-5, -2.2, -0.75, -0.01, 0.01, 0.9, 1.1, 1.5, 2.4];

test("there are ONNX's eleven", () => {
  expect(examples.map(({ activation }) => resolve(activation).name)).toEqual(ACTIVATION_NAMES);
});

describe.each(examples)("$activation", ({ activation, values: [low, high] }) => {
  const resolved = resolve(activation);
  const twin = activationTwin(resolved);

  test("has the values of its definition", () => {
    expect(twin.value(-0.75)).toBeCloseTo(low, 14);
    expect(twin.value(1.5)).toBeCloseTo(high, 14);
  });

  test.each(points)("has its derivative at %f by central differences", (x) => {
    const difference = (twin.value(x + H) - twin.value(x - H)) / (2 * H);
    expect(twin.derivative(twin.value(x))).toBeCloseTo(difference, DIGITS);
  });

  test("stays where a clip leaves it, and is flat from there on", () => {
    const clipped = activationTwin(resolved, 1.25);
    for (const x of [-1.2, -0.5, 0.5, 1.2]) {
      expect(clipped.value(x)).toBe(twin.value(x));
      expect(clipped.derivative(twin.value(x))).toBe(twin.derivative(twin.value(x)));
    }
    for (const x of [-1e4, -1.25, 1.25, 1e4]) {
      expect(clipped.value(x)).toBe(Math.fround(twin.value(Math.sign(x) * 1.25)));
      expect(clipped.derivative(clipped.value(x))).toBe(0);
    }
  });
});

test("the defaults are ONNX's, as float32", () => {
  const parameters = (name: ActivationName) => Object.values(resolve(name)).slice(1);
  expect(parameters("leakyRelu")).toEqual([Math.fround(0.01), 0]);
  expect(parameters("thresholdedRelu")).toEqual([1, 0]);
  expect(parameters("elu")).toEqual([1, 0]);
  expect(parameters("hardSigmoid")).toEqual([Math.fround(0.2), 0.5]);
  expect(resolve({ name: "hardSigmoid", beta: 0.25 })).toEqual({
    name: "hardSigmoid",
    alpha: Math.fround(0.2),
    beta: 0.25,
  });
});

describe("refuses", () => {
  const names = ACTIVATION_NAMES.join(", ");
  const sized = "expected 0 or a number of magnitude 2^-126 to 2^126";

  test.each([
    { given: "swish", got: '"swish"' },
    { given: "toString", got: '"toString"' },
    { given: undefined, got: "undefined" },
    { given: null, got: "null" },
    { given: { alpha: 1 }, got: '{"alpha":1}' },
  ])("$given, which is no activation", ({ given, got }) => {
    expect(refused(given)).toThrow(`f: expected one of ${names}, got ${got}.`);
  });

  test.each([
    { given: "affine", parameter: "alpha" },
    { given: { name: "affine", alpha: 1 }, parameter: "beta" },
    { given: { name: "scaledTanh", beta: 1 }, parameter: "alpha" },
    { given: { name: "scaledTanh", alpha: 1 }, parameter: "beta" },
  ])("$given, which lacks $parameter", ({ given, parameter }) => {
    expect(refused(given)).toThrow(
      new RegExp(`^f: ${parameter}: expected a number, got none. There is no default for \\w+.$`),
    );
  });

  test("parameters that an activation does not take", () => {
    expect(refused({ name: "tanh", alpha: 2 })).toThrow("f: alpha: expected tanh without parameters, got 2.");
    expect(refused({ name: "elu", beta: 2 })).toThrow("f: beta: expected no parameter of elu but alpha, got 2.");
    expect(refused({ name: "affine", gamma: 2 })).toThrow("expected no parameter of affine but alpha and beta, got 2.");
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e38, 1e-40, 1e-60, "1", null])("%s as a parameter", (number) => {
    expect(refused({ name: "affine", alpha: 1, beta: number })).toThrow(`f: beta: ${sized}, got ${number}.`);
  });

  test.each([
    { given: { name: "leakyRelu", alpha: -0.5 }, range: "of at least 0" },
    { given: { name: "thresholdedRelu", alpha: -0.5 }, range: "of at least 0" },
    { given: { name: "elu", alpha: 0 }, range: "above 0" },
    { given: { name: "scaledTanh", alpha: 0, beta: 1 }, range: "other than 0" },
  ])("$given, whose output does not tell the derivative", ({ given, range }) => {
    expect(refused(given)).toThrow(
      `f: alpha: expected a number ${range}, got ${given.alpha}. Otherwise the output of ${given.name} does not tell`,
    );
  });
});

describe("the text", () => {
  test("has the ends of a clip as numbers, and a branch where the directions differ", () => {
    const sets = [resolve("leakyRelu"), resolve({ name: "affine", alpha: -2, beta: 1e-7 })];
    expect(activationText("activation_f", sets, 3)).toBe(`\
fn activation_f(x: f32) -> f32 {
  if (direction == 1u) {
    return select(select(affine(x, -2.0, 1e-7), 6.0, x <= -3.0), -6.0, x >= 3.0);
  }
  return select(select(leaky_relu(x, 0.01), -0.03, x <= -3.0), 3.0, x >= 3.0);
}
fn activation_f_derivative(y: f32) -> f32 {
  if (direction == 1u) {
    return select(affine_derivative(y, -2.0, 1e-7), 0.0, y <= -6.0 || y >= 6.0);
  }
  return select(leaky_relu_derivative(y, 0.01), 0.0, y <= -0.03 || y >= 3.0);
}`);
    expect(activationKey("f", sets, 3)).toBe("f=leakyRelu(0.01)|affine(-2, 1e-7) clip 3");
  });

  test("has no branch where both directions share an activation", () => {
    const one = resolve("sigmoid");
    expect(activationText("g", [one, one])).toBe(activationText("g", [one]));
    expect(activationKey("g", [one, one])).toBe("g=sigmoid");
  });

  test.each([0, 0.1, -1 / 3, 2 ** -126, 8e37, 16777217, 12345678912])("has %f as a float32", (number) => {
    const [, alpha] =
      /affine\(x, (.*?),/.exec(activationText("f", [resolve({ name: "affine", alpha: number, beta: 0 })])) ?? [];
    expect(alpha).toMatch(/[.e]/);
    expect(Number(alpha)).toSatisfy((read: number) => Math.fround(read) === Math.fround(number));
  });

  test("of an end that float32 does not reach still has a number", () => {
    expect(activationText("f", [resolve({ name: "affine", alpha: 1e30, beta: 0 })], 1e30)).toContain("3.4e+38");
  });
});
