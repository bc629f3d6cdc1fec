import type { Layout } from "../../src/batch/host-layout.ts";
import type { RowSteps } from "../../src/batch/mask.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { createDifferentiator } from "../../src/run/differentiator.ts";
import type { HostTensor, NamedTensors } from "../../src/tensor.ts";

/** Of the layer in its model, in front of parameters and states. */
export const PREFIX = "0.";

export interface NamedRun extends RowSteps {
  readonly batch: number; // B
  readonly time: number; // T
  readonly layout?: Layout;
  /** Key of what training draws; left out: nothing is drawn. */
  readonly seed?: number | undefined;
}

/**
 * Runs a layer forward and back.
 * @param given `inputs`, parameters, maybe `initial <state>`, `cotangent of outputs`, `cotangent of final <state>`
 * @returns `outputs`, `final <state>`, `gradient of <inputs, a parameter or initial state>`
 */
export async function runNamed(gpu: Gpu, layer: Layer, given: NamedTensors, run: NamedRun): Promise<NamedTensors> {
  const { batch, time, lengths, mask, layout = "batch-first", seed } = run;
  const from = parametersOf(layer, given);
  const random = { seed: seed ?? 0, training: seed !== undefined };
  const network = await createDifferentiator(gpu, layer, { batch, time, layout, from, ...random });
  const initialStates = statesAfter("initial ", given);
  const { outputs, finalStates } = await network.forward({
    inputs: tensorOf(given, "inputs"),
    lengths,
    mask,
    ...(initialStates.size > 0 ? { initialStates } : {}),
  });
  const gradients = await network.backward({
    outputs: tensorOf(given, "cotangent of outputs"),
    finalStates: statesAfter("cotangent of final ", given),
  });
  network.dispose();
  return new Map<string, HostTensor>([
    ["outputs", outputs],
    ...named("final ", finalStates),
    ["gradient of inputs", gradients.inputs as HostTensor],
    ...named("gradient of ", gradients.parameters),
    ...named("gradient of initial ", gradients.initialStates),
  ]);
}

/** @throws Error when it is not given */
export function tensorOf(tensors: NamedTensors, name: string): HostTensor {
  const found = tensors.get(name);
  if (!found) throw new Error(`the fixture has no ${name}`);
  return found;
}

/** A layer's parameters by the model's names. */
export const parametersOf = (layer: Layer, given: NamedTensors): NamedTensors =>
  new Map(layer.parameters.map(({ name }) => [PREFIX + name, tensorOf(given, name)]));

/** What is given under names that begin so, by the model's names of the states. */
export const statesAfter = (words: string, given: NamedTensors): NamedTensors =>
  new Map(
    [...given]
      .filter(([name]) => name.startsWith(words))
      .map(([name, tensor]) => [PREFIX + name.slice(words.length), tensor]),
  );

/** What the model names, by the fixture's names. */
export const named = (words: string, tensors: NamedTensors): [string, HostTensor][] =>
  [...tensors].map(([name, tensor]) => [words + name.slice(PREFIX.length), tensor]);
