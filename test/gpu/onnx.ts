import { MACHINES, type Machine } from "../../src/ops/machine-options.ts";
import { onnxFixtures, onnxLayer, onnxName, onnxRun } from "../fixtures/onnx.ts";
import type { OnnxFixture } from "../fixtures/onnx-case.ts";
import { ours, oursGiven } from "../fixtures/onnx-order.ts";
import { dot, type Reference } from "../fixtures/reference.ts";
import { oursWanted } from "../unit/plain-onnx.ts";
import type { GpuCase } from "./case.ts";
import { compareNamed } from "./compare-named.ts";
import { runNamed } from "./run-named.ts";

/**
 * Which cases meet the device, by their seeds; the twins play all of them. Each operator with clip, with mixed lengths
 * and in several directions; peepholes with and without input_forget, clip reaching c; both ways to reset; layout 1.
 */
const CHOSEN = [4, 7, 11, 15, 18, 22, 25, 26];

/** ONNX Runtime's outputs and final states, where it follows the definition, and all else that the definition says. */
function referencesOf(fixture: OnnxFixture): Record<string, Reference> {
  const frozen = ours(fixture, new Map(fixture.deviates ? [] : Object.entries(fixture.results)));
  return Object.fromEntries(
    [...oursWanted(fixture)].map(([name, { shape, data }]): [string, Reference] => {
      const rms = Math.sqrt(dot(data, data) / data.length);
      const runtime = frozen.get(name)?.data;
      if (!runtime) return [name, { shape, rms, data }];
      const float32Error = Math.max(...data.map((value, i) => Math.abs(value - (runtime[i] as number)))) / rms;
      return [name, { shape, rms, float32Error, data: runtime }];
    }),
  );
}

function fixtureCase(fixture: OnnxFixture, machine: Machine): GpuCase {
  return {
    name: `${onnxName(fixture)}: the ${machine} machine gives ONNX's outputs, states and gradients`,
    async run(gpu) {
      const actual = await runNamed(gpu, onnxLayer(fixture, machine), oursGiven(fixture), onnxRun(fixture));
      compareNamed(`ONNX ${fixture.operator}`, actual, referencesOf(fixture));
    },
  };
}

export const cases: GpuCase[] = onnxFixtures
  .filter(({ seed }) => CHOSEN.includes(seed))
  .flatMap((fixture) => MACHINES.map((machine) => fixtureCase(fixture, machine)));
