import { sequential } from "../../src/nn/sequential.ts";
import { MACHINES, type Machine } from "../../src/ops/machine.ts";
import { createDifferentiator } from "../../src/run/differentiator.ts";
import type { HostTensor, NamedTensors } from "../../src/tensor.ts";
import { cellName, fixtureName, fixtures, givenOf, layerOf, type RecurrentFixture } from "../fixtures/recurrent.ts";
import type { GpuCase } from "./case.ts";
import { compareNamed } from "./compare-named.ts";

/** Of the layer in its model, in front of parameters and states. */
const PREFIX = "0.";

function fixtureCase(fixture: RecurrentFixture, machine: Machine): GpuCase {
  return {
    name: `${fixtureName(fixture)}: the ${machine} machine gives PyTorch's outputs, states and gradients`,
    async run(gpu) {
      const { batch, time, lengths } = fixture;
      const given = givenOf(fixture);
      const model = sequential(layerOf(fixture, machine));
      const parameters = new Map(
        model.parameters.map(({ name }) => [name, tensorOf(given, name.slice(PREFIX.length))]),
      );
      const network = await createDifferentiator(gpu, model, { batch, time, from: parameters });
      const { outputs, finalStates } = await network.forward({
        inputs: tensorOf(given, "inputs"),
        ...(lengths ? { lengths } : {}),
        ...(fixture.initial ? { initialStates: statesAfter("initial ", given) } : {}),
      });
      const gradients = await network.backward({
        outputs: tensorOf(given, "cotangent of outputs"),
        finalStates: statesAfter("cotangent of final ", given),
      });
      network.dispose();
      const actual = new Map<string, HostTensor>([
        ["outputs", outputs],
        ...named("final ", finalStates),
        ["gradient of inputs", gradients.inputs as HostTensor],
        ...named("gradient of ", gradients.parameters),
        ...named("gradient of initial ", gradients.initialStates),
      ]);
      compareNamed(cellName(fixture), actual, fixture.results);
    },
  };
}

function tensorOf(tensors: NamedTensors, name: string): HostTensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`the fixture has no ${name}`);
  return found;
}

/** What is given under names that begin so, by the model's names of the states. */
const statesAfter = (words: string, given: NamedTensors): NamedTensors =>
  new Map(
    [...given]
      .filter(([name]) => name.startsWith(words))
      .map(([name, tensor]) => [PREFIX + name.slice(words.length), tensor]),
  );

/** What the model names, by the fixture's names. */
const named = (words: string, tensors: NamedTensors): [string, HostTensor][] =>
  [...tensors].map(([name, tensor]) => [words + name.slice(PREFIX.length), tensor]);

export const cases: GpuCase[] = fixtures.flatMap((fixture) => MACHINES.map((machine) => fixtureCase(fixture, machine)));
