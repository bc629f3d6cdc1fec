import { handOver } from "../ops/hand-over.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import type { EncoderDecoder } from "./encoder-decoder.ts";
import { layersOfStates, layersWithin } from "./hand-over.ts";
import type { Encoded, PlacedState } from "./layer.ts";
import type { ParameterLayout } from "./parameters.ts";
import { type NamedLayer, namedLayers, type RecordedModel, recordLayers } from "./record.ts";

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
  { encoder }: EncoderDecoder,
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
export function decoderLayers({ decoder, attention }: EncoderDecoder): NamedLayer[] {
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
 * @param input of the encoder, ids [S, B] or features [S, B, I]
 * @param decoderInput ids [T, B], or features [T, B, I]
 * @returns the decoder's output [T, B, O], and the states that are zero before
 */
export function recordEncoderDecoder(
  recorder: Recorder,
  model: EncoderDecoder,
  layout: ParameterLayout,
  { input, mask, decoderInput }: { input: Tensor; mask: Tensor | undefined; decoderInput: Tensor },
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
