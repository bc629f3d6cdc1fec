import type { Machine } from "../../src/ops/machine-options.ts";
import {
  cellName,
  fixtureName,
  fixtures,
  givenOf,
  layerOf,
  machinesOf,
  type RecurrentFixture,
} from "../fixtures/recurrent.ts";
import type { GpuCase } from "./case.ts";
import { compareNamed } from "./compare-named.ts";
import { runNamed } from "./run-named.ts";

function fixtureCase(fixture: RecurrentFixture, machine: Machine): GpuCase {
  return {
    name: `${fixtureName(fixture)}: the ${machine} machine gives PyTorch's outputs, states and gradients`,
    async run(gpu) {
      const actual = await runNamed(gpu, layerOf(fixture, machine), givenOf(fixture), {
        ...fixture,
        lengths: fixture.lengths ?? undefined,
      });
      compareNamed(`PyTorch ${cellName(fixture)}`, actual, fixture.results);
    },
  };
}

export const cases: GpuCase[] = fixtures.flatMap((fixture) =>
  machinesOf(fixture).map((machine) => fixtureCase(fixture, machine)),
);
