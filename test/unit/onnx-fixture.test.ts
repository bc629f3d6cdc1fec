import { describe, expect, test } from "vitest";
import { ACTIVATION_NAMES } from "../../src/ops/activations.ts";
import { activationsOf, onnxFixtures, onnxName } from "../fixtures/onnx.ts";
import { givenOf, type OnnxFixture } from "../fixtures/onnx-case.ts";
import { playOnnx } from "./plain-onnx.ts";

const named = onnxFixtures.map((fixture) => ({ name: onnxName(fixture), fixture }));
const faithful = named.filter(({ fixture }) => !fixture.deviates);
const deviating = named.filter(({ fixture }) => fixture.deviates);

/**
 * Roundings on the way to a number in one step: one a term of the pre-activation's sum, and 16 for activations and
 * pointwise maths. Each is at most 2^-24 of the largest number met; those stay below 4 (weights in ±1/√H, the rest in
 * ±1), and no step makes an error grow.
 */
const allowed = ({ inputs, hidden, time }: OnnxFixture): number => (inputs + hidden + 16) * time * 4 * 2 ** -24;

/** Largest difference of plain loops from ONNX Runtime. */
function difference(fixture: OnnxFixture): number {
  const { results } = playOnnx(fixture, givenOf(fixture));
  expect([...results.keys()]).toEqual(Object.keys(fixture.results));
  const differences = [...results].flatMap(([name, actual]) => {
    const wanted = fixture.results[name] ?? [];
    expect(actual.length, name).toBe(wanted.length);
    return wanted.map((value, i) => Math.abs(value - (actual[i] as number)));
  });
  return Math.max(...differences);
}

test.each(faithful)("plain loops give ONNX Runtime's outputs and final states: $name", ({ fixture }) => {
  expect(difference(fixture)).toBeLessThanOrEqual(allowed(fixture));
});

test.each(deviating)("ONNX Runtime leaves the definition: $name", ({ fixture }) => {
  expect(difference(fixture)).toBeGreaterThan(0.005);
});

test.each(named)("no activation is so near a kink that float32 or a difference may cross it: $name", ({ fixture }) => {
  expect(playOnnx(fixture, givenOf(fixture)).margin).toBeGreaterThan(1e-4);
});

describe.each([
  { operator: "RNN", roles: ["f"], defaults: ["Tanh"] },
  { operator: "LSTM", roles: ["f", "g", "h"], defaults: ["Sigmoid", "Tanh", "Tanh"] },
  { operator: "GRU", roles: ["f", "g"], defaults: ["Sigmoid", "Tanh"] },
])("among the results of $operator that follow the definition", ({ operator, roles, defaults }) => {
  const cases = faithful.map(({ fixture }) => fixture).filter((fixture) => fixture.operator === operator);

  test.each(roles.map((role, place) => ({ role, place })))("every activation stands in the role $role", ({ place }) => {
    const met = cases.flatMap(({ attributes }) => {
      const names = activationsOf(attributes)?.map(({ name }) => name) ?? defaults;
      return names.filter((_, i) => i % roles.length === place).map((name) => name.toLowerCase());
    });
    expect([...new Set(met)].sort()).toEqual(ACTIVATION_NAMES.map((name) => name.toLowerCase()).sort());
  });

  const settings = cases.map(({ attributes, lengths, given }) => [
    attributes.direction,
    `layout ${attributes.layout}`,
    attributes.clip === undefined ? "no clip" : "clip",
    lengths ? "lengths" : "no lengths",
    given.B ? "B" : "no B",
    given.initial_h ? "initial_h" : "no initial_h",
    ...(operator === "LSTM" ? [given.P ? "P" : "no P", attributes.input_forget ? "input_forget" : "f of its own"] : []),
    ...(operator === "GRU" ? [`linear_before_reset ${attributes.linear_before_reset ?? 0}`] : []),
  ]);

  test("every option is met", () => {
    const options = [
      ...["forward", "reverse", "bidirectional", "layout 0", "layout 1", "clip", "no clip", "lengths", "no lengths"],
      ...["B", "no B", "initial_h", "no initial_h"],
      ...(operator === "LSTM" ? ["P", "no P", "input_forget", "f of its own"] : []),
      ...(operator === "GRU" ? ["linear_before_reset 0", "linear_before_reset 1"] : []),
    ];
    expect([...new Set(settings.flat())].sort()).toEqual(options.sort());
  });
});
