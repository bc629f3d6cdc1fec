import { describe, expect, test } from "vitest";
import type { HostTensor, NamedTensors } from "../../src/tensor.ts";
import { places, signs } from "../fixtures/hashed.ts";
import { dot, type Reference } from "../fixtures/reference.ts";
import { compareNamed, errorSummary, errorTable, TOLERANCE } from "../gpu/compare-named.ts";

const whole: Reference = { shape: [2, 2], rms: 1, float32Error: 1e-7, data: [1, -1, 1, -1] };

/** 4,096 ones, as a fixture holds what is too long. */
const ones = new Float32Array(4096).fill(1);
const sampled: Reference = {
  shape: [64, 64],
  rms: 1,
  float32Error: 1e-7,
  probes: [0, 1].map((probe) => dot(ones, signs(ones.length, probe))),
  samples: [1, 1, 1],
};

const tensors = (name: string, shape: readonly number[], data: Iterable<number>): NamedTensors =>
  new Map<string, HostTensor>([[name, { shape, data: Float32Array.from(data) }]]);

const compareWhole = (...data: number[]) => compareNamed("cell", tensors("x", [2, 2], data), { x: whole });

describe("compareNamed", () => {
  test("takes what lies within the tolerance", () => {
    compareWhole(1 + 1.9 * TOLERANCE, -1, 1, -1);
    compareNamed("cell", tensors("x", [64, 64], ones), { x: sampled });
  });

  test("names the quantity and its worst element", () => {
    expect(() => compareWhole(1 + 3 * TOLERANCE, -1, 2, -1)).toThrow(
      "x [2]: 2, not 1: off by 1.00e+0, allowed is 4.00e-5, its like are about 1.00e+0",
    );
  });

  test("allows what rounding sways, and no more", () => {
    const swaying = { ...whole, sway: 3 * TOLERANCE };
    compareNamed("cell", tensors("x", [2, 2], [1 + 2.9 * TOLERANCE, -1, 1, -1]), { x: swaying });
    expect(() => compareNamed("cell", tensors("x", [2, 2], [1 + 3.1 * TOLERANCE, -1, 1, -1]), { x: swaying })).toThrow(
      "x [0]",
    );
  });

  test("refuses NaN", () => expect(() => compareWhole(1, Number.NaN, 1, -1)).toThrow("x [1]: NaN, not -1"));

  test("allows nothing where all is zero", () => {
    const zero = { shape: [1], rms: 0, float32Error: 0, data: [0] };
    compareNamed("cell", tensors("x", [1], [-0]), { x: zero });
    expect(() => compareNamed("cell", tensors("x", [1], [1e-30]), { x: zero })).toThrow("x [0]");
  });

  test("refuses another shape and what is missing", () => {
    expect(() => compareNamed("cell", tensors("x", [4], [1, -1, 1, -1]), { x: whole })).toThrow("x: [4], not [2, 2]");
    expect(() => compareNamed("cell", tensors("y", [2, 2], [1, -1, 1, -1]), { x: whole })).toThrow("x: missing");
  });

  test("sees a single wrong element outside the samples", () => {
    const place = ones.findIndex((_, i) => !places(ones.length, 3).includes(i));
    const spoilt = ones.map((value, i) => (i === place ? value + 0.01 : value));
    expect(() => compareNamed("cell", tensors("x", [64, 64], spoilt), { x: sampled })).toThrow(/x probe [01]: /);
  });
});

test("errorTable keeps the worst of a quantity over layers and directions", () => {
  for (const [name, value] of [
    ["bias_hh_l0", 1 + 1e-5],
    ["bias_hh_l1_reverse", 1 + 3e-5],
    ["bias_hh_l1", 1],
  ] as const) {
    const data = [value, -1, 1, -1];
    compareNamed("gru", tensors(name, [2, 2], data), { [name]: whole });
  }
  const row = errorTable()
    .split("\n")
    .filter((line) => line.startsWith("gru"));
  expect(row.map((line) => line.split(/\s{2,}/))).toEqual([["gru", "bias_hh", "3.0e-5", "4.0e-5", "1.0e-7"]]);
});

test("errorSummary has the worst of outputs and states, and of gradients, of each cell", () => {
  for (const [name, value] of [
    ["outputs", 1 + 1e-5],
    ["final h_l0", 1 + 2e-5],
    ["gradient of inputs", 1 + 4e-6],
  ] as const) {
    compareNamed("mgu", tensors(name, [2, 2], [value, -1, 1, -1]), { [name]: whole });
  }
  expect(errorSummary()).toContain("\n| mgu | 1.0e-5 | 2.0e-6 |");
});
