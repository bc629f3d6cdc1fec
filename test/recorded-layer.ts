import type { Layer } from "../src/nn/layer.ts";
import { layOut } from "../src/nn/parameters.ts";
import { sequential } from "../src/nn/sequential.ts";
import { type RecordedNetwork, recordNetwork } from "../src/run/network.ts";
import { namedStates } from "../src/run/states.ts";
import { sizeOf } from "../src/tensor.ts";
import { named } from "./gpu/run-named.ts";
import { givenOf, type LayerChoice, layerOf, rowSteps, SHAPE, trains } from "./layer-cases.ts";

/** WebGPU's default target. */
const TARGET = { storage: 16_384, invocations: 256, software: false };

const SEED = 5;

/** A layer of a choice, what it is given by name, and how it is run. */
export function recordedCase(choice: LayerChoice) {
  const layer = layerOf(choice);
  const { output, stateParts } = recordLayer(layer, choice);
  const [time, batch, width] = output.shape as [number, number, number];
  const none = new Map([...stateParts.keys()].map((state) => [state, new Float32Array(sizeOf(state.shape))]));
  const states = named("", namedStates(stateParts, none)).map(([name, { shape }]) => [name, shape] as const);
  const given = givenOf(layer, choice, [batch, time, width], new Map(states));
  return { layer, given, run: { ...SHAPE, ...rowSteps(choice), seed: trains(choice) ? SEED : undefined } };
}

/**
 * The plan of a layer, forward and back.
 * @param half whether weights are read as float16
 */
export function recordLayer(layer: Layer, choice: LayerChoice, half = false): RecordedNetwork {
  const model = sequential(layer);
  const masked = choice.rows !== "all";
  const options = { ...SHAPE, masked, gradients: true, seed: trains(choice) ? SEED : undefined };
  return recordNetwork({ model, layout: layOut(model) }, options, { ...TARGET, half });
}
