import { recordKeys } from "../nn/attention.ts";
import type { EncoderDecoder } from "../nn/encoder-decoder.ts";
import { layersOfStates, layersWithin } from "../nn/hand-over.ts";
import type { Encoded, StatePart } from "../nn/layer.ts";
import { recordLayers } from "../nn/record.ts";
import { decoderLayers, type PlacedAttention, recordEncoder, recordHandOver } from "../nn/record-encoder-decoder.ts";
import { copyRows } from "../ops/copy-rows.ts";
import type { Plan } from "../plan/plan.ts";
import { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor, tensor } from "../tensor.ts";
import type { Parameters } from "../train/parameters.ts";
import type { Target } from "../variant.ts";

export interface TranslationShape {
  /** R: rows of the batch, each as often as there are beams. */
  readonly rows: number;
  readonly time: number; // S
  /** Whether rows go on from other rows. */
  readonly beams: boolean;
  /** Whether the weights of attention can be read. */
  readonly attention: boolean;
}

/** Reading the source, and writing one step of the target. */
export interface TranslationPlan {
  /** Played once. */
  readonly encode: Plan;
  readonly inputs: Tensor; // u32 [S, R] or f32 [S, R, I]
  readonly mask: Tensor; // [S, R]
  /** To be zero before. */
  readonly states: readonly Tensor[];
  /** Played for every step; goes on from the states that it, or `encode`, has left. */
  readonly decode: Plan;
  readonly tokens: Tensor; // u32 [1, R]
  /** The row whose states each row goes on from. */
  readonly parents: Tensor; // u32 [R]
  readonly logits: Tensor; // [1, R, V]
  readonly weights: Tensor | undefined; // [1, R, S]
}

export function recordTranslation(
  { model, layout }: { readonly model: EncoderDecoder; readonly layout: Parameters["layout"] },
  { rows, time, beams, attention }: TranslationShape,
  target: Target,
): TranslationPlan {
  const input = model.encoder.layers[0]?.input;
  const inputs =
    input === "ids" ? tensor("inputs", [time, rows], { type: "u32" }) : tensor("inputs", [time, rows, input as number]);
  const mask = tensor("mask", [time, rows]);
  const tokens = tensor("tokens", [1, rows], { type: "u32" });
  const parents = tensor("parents", [rows], { type: "u32" });

  const encoder = new Recorder({ target });
  const encoded = recordEncoder(encoder, model, layout, inputs, mask);
  const seen = model.attention ? { ...encoded, ...keepForAttention(encoder, model, layout, encoded) } : encoded;
  const decoder = new Recorder({ target });
  const { output, stateParts, taps } = recordLayers(decoder, decoderLayers(model), layout, tokens, {
    encoded: seen,
    ...(beams ? { begin: (state: Tensor, parts: readonly StatePart[]) => follow(decoder, state, parts, parents) } : {}),
  });
  const others = [...stateParts].filter(([state, parts]) => layersWithin(state, parts).length === 0);
  layersOfStates(stateParts).forEach((layer, i) => {
    recordHandOver(encoder, encoded.layers[i] as typeof layer, layer);
  });
  const weights = attention ? decoder.keep(taps.get("attention.weights") as Tensor) : undefined;
  const encode = encoder.finish("encoder");
  const decode = decoder.finish("decoder step", encode);
  return {
    encode,
    inputs,
    mask,
    states: [...encoded.states.values(), ...others.map(([state]) => state)],
    decode,
    tokens,
    parents,
    logits: output,
    weights,
  };
}

/** What attention reads at every step, where it stays from plan to plan. */
function keepForAttention(
  recorder: Recorder,
  { attention }: EncoderDecoder,
  layout: Parameters["layout"],
  { outputs }: Encoded,
): Required<Pick<Encoded, "outputs" | "keys">> {
  const { score } = attention as PlacedAttention;
  const parameter = (name: string): Tensor => layout.tensors.get(`attention.${name}`) as Tensor;
  const kept = (name: string, from: Tensor): Tensor => {
    const to = tensor(name, from.shape);
    const columns = sizeOf(from.shape);
    copyRows(recorder, { label: "keep", from: { tensor: from }, to: { tensor: to }, rows: 1, columns });
    return to;
  };
  return { outputs: kept("values", outputs), keys: kept("keys", recordKeys(recorder, score, outputs, parameter)) };
}

/** Gives each row of a layer's states what another row, or the same, had. */
function follow(recorder: Recorder, state: Tensor, parts: readonly StatePart[], parents: Tensor): void {
  const before = recorder.scratch("before", state.shape);
  const [label, length] = ["keep", sizeOf(state.shape)];
  copyRows(recorder, { label, from: { tensor: state }, to: { tensor: before }, rows: 1, columns: length });
  for (const { offset, shape } of parts) {
    const [rows, columns] = shape;
    copyRows(recorder, {
      label: "follow",
      from: { tensor: before, first: offset },
      to: { tensor: state, first: offset },
      rows,
      columns,
      index: parents,
    });
  }
}
