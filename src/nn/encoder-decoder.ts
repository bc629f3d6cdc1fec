import { oneOf, onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";
import { Recorder } from "../plan/recorder.ts";
import { sizeOf, tensor } from "../tensor.ts";
import { type AttentionScore, attention, SCORES } from "./attention.ts";
import { checkHandOver, layersOfStates } from "./hand-over.ts";
import type { Encoded, Layer, PlacedState } from "./layer.ts";
import { layOut, type ParameterLayout } from "./parameters.ts";
import { type RecordedModel, recordModel } from "./record.ts";
import { type Halves, type PairTensors, type PlacedAttention, recordEncoderDecoder } from "./record-encoder-decoder.ts";
import type { Model } from "./sequential.ts";

export interface EncoderDecoderOptions {
  /** Reads the source: features or ids, in either or both directions. */
  encoder: Model;
  /** Writes the target, forward in time. */
  decoder: Model;
  /** The id that the decoder reads first, where it reads ids. Default: none, so that batches give `decoderInputs`. */
  start?: number;
  /**
   * Lets the decoder look back at all outputs of the encoder, behind its last recurrent layer. Score of h with an output
   * e: "additive", v·tanh(W_q·h + W_k·e) (Bahdanau et al. 2015), or "multiplicative", h·W·e (Luong et al. 2015, general).
   * Default: none.
   */
  attention?: AttentionScore;
}

/** One sequence in, another out. Made by {@link encoderDecoder}. */
export interface EncoderDecoder extends Model, Halves {
  readonly start: number | undefined;
  /** Records itself, so that nothing but a program with such a model loads how. */
  record(recorder: Recorder, layout: ParameterLayout, tensors: PairTensors): ReturnType<typeof recordEncoderDecoder>;
}

/**
 * A model of two sequences that need not be aligned or equally long (Sutskever et al. 2014, Cho et al. 2014): each
 * recurrent layer of the decoder starts from the final states of the encoder's layer in the same place, at each row's
 * own length. What both directions of an encoder's layer end with is put side by side, so that the decoder's layer is as
 * wide as both together. Both have equally many recurrent layers, whose states are the same, such as h and c.
 *
 * In training the decoder reads the targets, one step late, behind `start` (teacher forcing). Parameters are named
 * `encoder.<layer>.<parameter>`, `decoder.<layer>.<parameter>` and `attention.<parameter>`. `encoderContext` is a layer for
 * the decoder.
 *
 * With `attention` what stands behind the decoder's last recurrent layer, such as a linear one, reads
 * h̃ = tanh(W_c·c + W_h·h) [T, B, H] instead of h, where c is the mean of the encoder's outputs, weighted by the softmax of
 * their scores (Luong et al. 2015; W_c and W_h are the halves of their W_c). Steps behind a source's length weigh 0. As no
 * h depends on an h̃, both scores are computed for all steps at once; Bahdanau's own decoder reads c before it steps.
 * Parameters: `attention.weight_context` [H, C], `weight_hidden` [H, H]; additive `weight_query` [H, H], `weight_key`
 * [H, C] and `weight_score` [H]; multiplicative `weight` [H, C].
 * @throws WebgpuRnnError when the states do not fit, a layer gives only its last step, the decoder runs backwards or
 *   learns its initial state, or `start` is no id that it knows
 */
export function encoderDecoder(options: EncoderDecoderOptions): EncoderDecoder {
  onlyKnown("encoderDecoder", options, ["encoder", "decoder", "start", "attention"]);
  const { encoder, decoder, start, attention: score } = options;
  oneOf("encoderDecoder: attention", score, SCORES);
  for (const [name, model] of Object.entries({ encoder, decoder })) {
    if (model?.layers !== undefined && !isEncoderDecoder(model)) continue;
    throw refuse({ what: `encoderDecoder: ${name}`, expected: "layers in sequential(…)", got: String(model) });
  }
  checkLayers("encoder", encoder, ({ pools }) => !pools);
  checkLayers("decoder", decoder, ({ pools, wholeSequence, config }) => {
    return !pools && !wholeSequence && config.initialState !== "learned";
  });
  checkStart(decoder, start);
  const encoderStates = recordOnce(encoder).stateParts;
  const summary = [...(layersOfStates(encoderStates).at(-1)?.values().next().value ?? [])];
  const outputs = encoder.layers.at(-1)?.output as number;
  const encoded = { outputs: tensor("outputs", [1, 1, outputs]), mask: undefined, summary };
  const decoderStates = recordOnce(decoder, encoded).stateParts;
  checkHandOver(encoderStates, decoderStates);
  const placed = score && placeAttention(score, decoder, decoderStates, outputs);
  const halves = { encoder, decoder, ...(placed ? { attention: placed.layer } : {}) };
  const parameters = Object.entries(halves).flatMap(([before, half]) =>
    half.parameters.map((parameter) => ({ ...parameter, name: `${before}.${parameter.name}` })),
  );
  const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const parts: Halves = { encoder, decoder, attention: placed };
  return {
    ...parts,
    start,
    record: (recorder, layout, tensors) => recordEncoderDecoder(recorder, parts, layout, tensors),
    layers: [...encoder.layers, ...decoder.layers],
    parameters,
    size,
    toString: () => {
      const between = score ? `, with ${score} attention` : "";
      const behind = start === undefined ? "" : `, behind ${start}`;
      return `encoder\n${encoder}\ndecoder${behind}${between}\n${decoder}`;
    },
  };
}

export const isEncoderDecoder = (model: Model): model is EncoderDecoder => "decoder" in model;

/** Refuses a model of two sequences where one is read or written. */
export function oneSequence(what: string, model: Model | Layer): void {
  if (!("layers" in model && isEncoderDecoder(model))) return;
  const cure = "use createTrainer, createEvaluator or createTranslator";
  throw refuse({ what, expected: "a model of one sequence", got: "an encoder and a decoder", cure });
}

/** Refuses an encoder without a sequence, and a decoder that has none or asks for steps or states that it cannot have. */
function checkLayers(name: string, { layers }: Model, allowed: (layer: Layer) => boolean): void {
  const place = layers.findIndex((layer) => !allowed(layer));
  if (place < 0) return;
  const { kind, config, pools } = layers[place] as Layer;
  const got = pools ? "one step" : (config.direction ?? `initial states ${config.initialState}`);
  const expected =
    name === "encoder" ? "one that gives all steps" : "one that gives all steps, forward, from given states";
  throw refuse({ what: `encoderDecoder: ${name}: layer ${place} (${kind})`, expected, got: String(got) });
}

/** Puts attention behind the last recurrent layer. */
function placeAttention(
  score: AttentionScore,
  { layers }: Model,
  states: RecordedModel["stateParts"],
  outputs: number,
): PlacedAttention {
  const [[last] = []] = layersOfStates(states).at(-1)?.values() ?? [];
  const place = Number.parseInt((last as PlacedState).name, 10); // `<layer>.h_l0`
  return { score, layer: attention(score, layers[place]?.output as number, outputs), before: place + 1 };
}

function checkStart({ layers: [first] }: Model, start: number | undefined): void {
  if (start === undefined) return;
  if (first?.input !== "ids") {
    const what = "encoderDecoder: start";
    throw refuse({ what, expected: "none for a decoder that reads features", got: String(start) });
  }
  whole("encoderDecoder: start", start, 0, (first.config.vocabulary as number) - 1);
}

/** Records one step of one row, to see which states there are. */
function recordOnce(model: Model, encoded?: Encoded): RecordedModel {
  const target = { storage: Number.POSITIVE_INFINITY, invocations: Number.POSITIVE_INFINITY, software: false };
  const input = model.layers[0]?.input;
  const x = input === "ids" ? tensor("ids", [1, 1], { type: "u32" }) : tensor("features", [1, 1, input as number]);
  return recordModel(new Recorder({ target }), model, layOut(model), x, encoded ? { encoded } : {});
}
