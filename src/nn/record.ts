import { addPartialSums } from "../ops/column-sum.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor, tensor } from "../tensor.ts";
import type { Encoded, Layer, StatePart } from "./layer.ts";
import type { ParameterLayout } from "./parameters.ts";
import type { Model } from "./sequential.ts";

/** A tensor that each recurrent layer carries from run to run, by its full name. */
export type CarriedStates = ReadonlyMap<string, Tensor>;

/** What recording a model gives. */
export interface RecordedModel {
  readonly output: Tensor; // [T, B, O]
  readonly states: CarriedStates;
  /** The states within those tensors; their names are full. */
  readonly stateParts: ReadonlyMap<Tensor, readonly StatePart[]>;
  /** Up to the last layer that carries states: what it gives, and how many operations that took. None: undefined. */
  readonly carrying: { readonly output: Tensor; readonly operations: number } | undefined;
  /** Forward tensors that can be looked at, by their full names. */
  readonly taps: ReadonlyMap<string, Tensor>;
}

export interface RecordOptions {
  /** See `LayerContext`. */
  readonly mask?: Tensor | undefined;
  readonly flow?: boolean;
  readonly encoded?: Encoded;
  /** Records how a layer's initial states come to be, right before the layer; else they are what the host has left. */
  readonly begin?: (state: Tensor, parts: readonly StatePart[]) => void;
}

/** A layer, and what stands before the names of its parameters, states and steps. */
export interface NamedLayer {
  readonly name: string;
  readonly layer: Layer;
}

/** @param before stands before the place of each layer */
export const namedLayers = ({ layers }: Model, before = ""): NamedLayer[] =>
  layers.map((layer, i) => ({ name: `${before}${i}`, layer }));

/**
 * Records the forward steps of a model; its backward steps follow on `recorder.backward()`.
 * @param input ids [T, B], or features [T, B, I]
 */
export const recordModel = (
  recorder: Recorder,
  model: Model,
  layout: ParameterLayout,
  input: Tensor,
  options: RecordOptions = {},
): RecordedModel => recordLayers(recorder, namedLayers(model), layout, input, options);

/** Records layers one after the other, as {@link recordModel} does. */
export function recordLayers(
  recorder: Recorder,
  layers: readonly NamedLayer[],
  layout: ParameterLayout,
  input: Tensor,
  { mask, flow = false, encoded, begin }: RecordOptions,
): RecordedModel {
  const states = new Map<string, Tensor>();
  const stateParts = new Map<Tensor, readonly StatePart[]>();
  const taps = new Map<string, Tensor>();
  let steps = mask;
  let carrying: RecordedModel["carrying"];
  recorder.onBackward(() => addPartialSums(recorder)); // first, so last back
  const output = layers.reduce((x, { name: place, layer }) => {
    const full = (name: string): string => `${place}.${name}`;
    const parameter = (name: string): Tensor => {
      const found = layout.tensors.get(full(name));
      if (!found) throw new Error(`internal: layer ${place} (${layer.kind}) has no parameter ${name}`);
      return found;
    };
    const state = (name: string, parts: readonly StatePart[], layers = 1): Tensor => {
      const length = parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const carried = tensor(full(name), layers === 1 ? [length] : [layers, length / layers]);
      states.set(carried.name, carried);
      stateParts.set(
        carried,
        parts.map((part) => ({ ...part, name: full(part.name) })),
      );
      begin?.(carried, parts);
      return carried;
    };
    const tap = (name: string, tapped: Tensor): void => void taps.set(full(name), tapped);
    const context = { recorder, mask: steps, flow, encoded, parameter, state, tap };
    if (layer.pools) steps = undefined; // every row takes the one step that is left
    const before = states.size;
    const y = recorder.scope(`${place}.${layer.kind}`, () => layer.record(context, x));
    if (states.size > before) carrying = { output: y, operations: recorder.operations };
    return y;
  }, input);
  return { output, states, stateParts, carrying, taps };
}
