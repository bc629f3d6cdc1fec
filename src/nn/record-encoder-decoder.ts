import { handOver } from "../ops/hand-over.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import type { AttentionScore } from "./attention.ts";
import { layersOfStates, layersWithin } from "./hand-over.ts";
import type { Encoded, Layer, PlacedState } from "./layer.ts";
import type { ParameterLayout } from "./parameters.ts";
import { type NamedLayer, namedLayers, type RecordedModel, recordLayers } from "./record.ts";
import type { Model } from "./sequential.ts";

/** Attention, and its place among the layers of a decoder. */
export interface PlacedAttention {
  readonly score: AttentionScore;
  readonly layer: Layer;
  /** The layer that reads it; as many as there are if it is the last. */
  readonly before: number;
}

/** What a model of two sequences is made of. */
export interface Halves {
  readonly encoder: Model;
  readonly decoder: Model;
  readonly attention: PlacedAttention | undefined;
}

/** What a batch of two sequences is read from. */
export interface PairTensors {
  readonly input: Tensor; // ids [S, B], or features [S, B, I]
  readonly mask: Tensor | undefined; // [S, B]
  readonly decoderInput: Tensor; // ids [T, B], or features [T, B, I]
}

/** An encoder that has been recorded. */
export interface RecordedEncoder extends Encoded {
  readonly states: RecordedModel["states"];
  /** The final states of each recurrent layer, by letter and direction. */
  readonly layers: readonly Map<string, PlacedState[]>[];
}

/**
 * @param input ids [S, B], or features [S, B, I]
 * @param mask [S, B]
 */
export function recordEncoder(
  recorder: Recorder,
  { encoder }: Halves,
  layout: ParameterLayout,
  input: Tensor,
  mask: Tensor | undefined,
): RecordedEncoder {
  const { output, states, stateParts } = recordLayers(recorder, namedLayers(encoder, "encoder."), layout, input, {
    mask,
  });
  const layers = layersOfStates(stateParts);
  const [summary = []] = layers.at(-1)?.values() ?? [];
  return { outputs: output, mask, summary, states, layers };
}

/** The layers of a model's decoder, attention among them. */
export function decoderLayers({ decoder, attention }: Halves): NamedLayer[] {
  const layers = namedLayers(decoder, "decoder.");
  if (attention) layers.splice(attention.before, 0, { name: "attention", layer: attention.layer });
  return layers;
}

/** Hands the final states of an encoder's layer over to those of the decoder's layer. */
export function recordHandOver(
  recorder: Recorder,
  from: Map<string, PlacedState[]>,
  layer: Map<string, PlacedState[]>,
): void {
  for (const [letter, [to]] of layer) handOver(recorder, from.get(letter) as PlacedState[], to as PlacedState);
}

/**
 * Records both halves of a model, one after the other.
 * @returns the decoder's output [T, B, O], and the states that are zero before
 */
export function recordEncoderDecoder(
  recorder: Recorder,
  model: Halves,
  layout: ParameterLayout,
  { input, mask, decoderInput }: PairTensors,
): Pick<RecordedModel, "output" | "states" | "carrying"> {
  const encoded = recordEncoder(recorder, model, layout, input, mask);
  if (recorder.training && !model.attention) {
    // Nothing but its states leads back to the encoder.
    recorder.setGradient(encoded.outputs, recorder.zeros("d encoder.outputs", encoded.outputs.shape));
  }
  const states = new Map(encoded.states);
  const left = [...encoded.layers];
  const { output } = recordLayers(recorder, decoderLayers(model), layout, decoderInput, {
    encoded,
    begin: (state, parts) => {
      const layers = layersWithin(state, parts);
      if (layers.length === 0) states.set(state.name, state);
      for (const layer of layers) recordHandOver(recorder, left.shift() as Map<string, PlacedState[]>, layer);
    },
  });
  return { output, states, carrying: undefined };
}
