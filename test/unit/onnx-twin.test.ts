import { describe, expect, test } from "vitest";
import { MACHINES } from "../../src/ops/machine-options.ts";
import { onnxFixtures, onnxLayer, onnxName, onnxRun } from "../fixtures/onnx.ts";
import type { OnnxFixture } from "../fixtures/onnx-case.ts";
import { oursGiven } from "../fixtures/onnx-order.ts";
import { tensorOf } from "../gpu/run-named.ts";
import { playNamed } from "../play-named.ts";
import { oursWanted } from "./plain-onnx.ts";

/**
 * A twin's result is rounded to float32 once; a difference strays by 2^-50 of a loss below 10 over its step. Behind a
 * clip the twins round what an activation gives at its ends as well, by at most 2^-25, and a step has up to 5 of them.
 */
function allowed({ attributes, time }: OnnxFixture, wanted: number): number {
  return 2 ** -24 * Math.abs(wanted) + 1e-9 + (attributes.clip === undefined ? 0 : 5 * time * 2 ** -25);
}

describe.each(onnxFixtures.map((fixture) => ({ name: onnxName(fixture), fixture })))("$name", ({ fixture }) => {
  const wanted = oursWanted(fixture);

  test.each(MACHINES)("the float64 twins of the %s machine give what the definition says", (machine) => {
    const actual = playNamed(onnxLayer(fixture, machine), oursGiven(fixture), onnxRun(fixture));
    for (const [name, { shape, data }] of wanted) {
      const got = tensorOf(actual, name);
      expect(got.shape, name).toEqual(shape);
      data.forEach((value, i) => {
        expect(Math.abs((got.data[i] as number) - value), `${name}[${i}]`).toBeLessThanOrEqual(allowed(fixture, value));
      });
    }
  });
});
