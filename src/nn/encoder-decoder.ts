import { onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";
import { Recorder } from "../plan/recorder.ts";
import { sizeOf, tensor } from "../tensor.ts";
import { checkHandOver, layersOfStates } from "./hand-over.ts";
import type { Encoded, Layer } from "./layer.ts";
import { layOut } from "./parameters.ts";
import { type RecordedModel, recordModel } from "./record.ts";
import type { Model } from "./sequential.ts";

export interface EncoderDecoderOptions {
  /** Reads the source: features or ids, in either or both directions. */
  encoder: Model;
  /** Writes the target, forward in time. */
  decoder: Model;
  /** The id that the decoder reads first, where it reads ids. Default: none, so that batches give `decoderInputs`. */
  start?: number;
}

/** One sequence in, another out. Made by {@link encoderDecoder}. */
export interface EncoderDecoder extends Model {
  readonly encoder: Model;
  readonly decoder: Model;
  readonly start: number | undefined;
}

/**
 * A model of two sequences that need not be aligned or equally long (Sutskever et al. 2014, Cho et al. 2014): each
 * recurrent layer of the decoder starts from the final states of the encoder's layer in the same place, at each row's
 * own length. What both directions of an encoder's layer end with is put side by side, so that the decoder's layer is as
 * wide as both together. Both have equally many recurrent layers, whose states are the same, such as h and c.
 *
 * In training the decoder reads the targets, one step late, behind `start` (teacher forcing). Parameters are named
 * `encoder.<layer>.<parameter>` and `decoder.<layer>.<parameter>`. {@link encoderContext} is a layer for the decoder.
 * @throws WebgpuRnnError when the states do not fit, a layer gives only its last step, the decoder runs backwards or
 *   learns its initial state, or `start` is no id that it knows
 */
export function encoderDecoder(options: EncoderDecoderOptions): EncoderDecoder {
  onlyKnown("encoderDecoder", options, ["encoder", "decoder", "start"]);
  const { encoder, decoder, start } = options;
  for (const [name, model] of Object.entries({ encoder, decoder })) {
    if (model?.layers !== undefined && !isEncoderDecoder(model)) continue;
    throw refuse({ what: `encoderDecoder: ${name}`, expected: "layers in sequential(…)", got: String(model) });
  }
  checkLayers("encoder", encoder, { returns: ["sequence"] });
  checkLayers("decoder", decoder, { returns: ["sequence"], direction: ["forward"], initialState: ["zero"] });
  checkStart(decoder, start);
  const encoderStates = recordOnce(encoder).stateParts;
  const summary = [...(layersOfStates(encoderStates).at(-1)?.values().next().value ?? [])];
  const encoded = {
    outputs: tensor("outputs", [1, 1, encoder.layers.at(-1)?.output as number]),
    mask: undefined,
    summary,
  };
  checkHandOver(encoderStates, recordOnce(decoder, encoded).stateParts);
  const parameters = Object.entries({ encoder, decoder }).flatMap(([before, model]) =>
    model.parameters.map((parameter) => ({ ...parameter, name: `${before}.${parameter.name}` })),
  );
  const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return {
    encoder,
    decoder,
    start,
    layers: [...encoder.layers, ...decoder.layers],
    parameters,
    size,
    toString: () => `encoder\n${encoder}\ndecoder${start === undefined ? "" : `, behind ${start}`}\n${decoder}`,
  };
}

export const isEncoderDecoder = (model: Model): model is EncoderDecoder => "decoder" in model;

/** Refuses a model of two sequences where one is read or written. */
export function oneSequence(what: string, model: Model | Layer): void {
  if (!("layers" in model && isEncoderDecoder(model))) return;
  const cure = "use createTrainer, createEvaluator or createTranslator";
  throw refuse({ what, expected: "a model of one sequence", got: "an encoder and a decoder", cure });
}

/** Refuses options that leave an encoder without a sequence, or ask a decoder for what it has not. */
function checkLayers(name: string, { layers }: Model, allowed: Readonly<Record<string, readonly string[]>>): void {
  layers.forEach(({ kind, config }, i) => {
    for (const [option, choices] of Object.entries(allowed)) {
      const got = config[option];
      if (got === undefined || choices.includes(got as string)) continue;
      const what = `encoderDecoder: ${name}: layer ${i} (${kind}): ${option}`;
      throw refuse({ what, expected: choices.join(" or "), got: String(got) });
    }
  });
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
