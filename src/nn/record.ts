import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor, tensor } from "../tensor.ts";
import type { StatePart } from "./layer.ts";
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

/**
 * Records the forward steps of a model; its backward steps follow on `recorder.backward()`.
 * @param input ids [T, B], or features [T, B, I]
 * @param options see {@link LayerContext}
 */
export function recordModel(
  recorder: Recorder,
  model: Model,
  layout: ParameterLayout,
  input: Tensor,
  { mask, flow = false }: { mask?: Tensor | undefined; flow?: boolean } = {},
): RecordedModel {
  const states = new Map<string, Tensor>();
  const stateParts = new Map<Tensor, readonly StatePart[]>();
  const taps = new Map<string, Tensor>();
  let steps = mask;
  let carrying: RecordedModel["carrying"];
  const output = model.layers.reduce((x, layer, i) => {
    const full = (name: string): string => `${i}.${name}`;
    const parameter = (name: string): Tensor => {
      const found = layout.tensors.get(full(name));
      if (!found) throw new Error(`internal: layer ${i} (${layer.kind}) has no parameter ${name}`);
      return found;
    };
    const state = (name: string, parts: readonly StatePart[]): Tensor => {
      const length = parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const carried = tensor(full(name), [length]);
      states.set(carried.name, carried);
      stateParts.set(
        carried,
        parts.map((part) => ({ ...part, name: full(part.name) })),
      );
      return carried;
    };
    const tap = (name: string, tapped: Tensor): void => void taps.set(full(name), tapped);
    const context = { recorder, mask: steps, flow, parameter, state, tap };
    if (layer.pools) steps = undefined; // every row takes the one step that is left
    const before = states.size;
    const y = recorder.scope(`${i}.${layer.kind}`, () => layer.record(context, x));
    if (states.size > before) carrying = { output: y, operations: recorder.operations };
    return y;
  }, input);
  return { output, states, stateParts, carrying, taps };
}
