import type { Recorder } from "../plan/recorder.ts";
import { type Tensor, tensor } from "../tensor.ts";
import type { ParameterLayout } from "./parameters.ts";
import type { Model } from "./sequential.ts";

/** A tensor that each recurrent layer carries from run to run, by its full name. */
export type CarriedStates = ReadonlyMap<string, Tensor>;

/**
 * Records the forward steps of a model; its backward steps follow on `recorder.backward()`.
 * @param input ids [T, B], or features [T, B, I]
 * @returns the outputs of the last layer [T, B, O] and the states that the run carries on
 */
export function recordModel(
  recorder: Recorder,
  model: Model,
  layout: ParameterLayout,
  input: Tensor,
): { output: Tensor; states: CarriedStates } {
  const states = new Map<string, Tensor>();
  const output = model.layers.reduce((x, layer, i) => {
    const parameter = (name: string): Tensor => {
      const found = layout.tensors.get(`${i}.${name}`);
      if (!found) throw new Error(`internal: layer ${i} (${layer.kind}) has no parameter ${name}`);
      return found;
    };
    const state = (name: string, shape: readonly number[]): Tensor => {
      const carried = tensor(`${i}.${name}`, shape);
      states.set(carried.name, carried);
      return carried;
    };
    return recorder.scope(`${i}.${layer.kind}`, () => layer.record({ recorder, parameter, state }, x));
  }, input);
  return { output, states };
}
