import { refuse } from "../errors.ts";
import type { Memory } from "../gpu/memory.ts";
import type { ParameterLayout } from "../nn/parameters.ts";
import { type HostTensor, type NamedTensors, shapeText, type Tensor } from "../tensor.ts";
import type { TrainingPlan } from "./training-plan.ts";

/** All that a trainer knows beside the weights: with both, training goes on bit for bit where it stopped. */
export interface TrainingState {
  /** Steps submitted. */
  readonly steps: number;
  /** The device's own counts, as in `shaders/shared/control.wgsl`. */
  readonly counters: readonly number[];
  /** The optimiser's moments, by parameter, the states carried between batches, and the device's `control`. */
  readonly tensors: NamedTensors;
}

/** Everything that a {@link TrainingState} holds as tensors, by its name there. */
function tensorsOf({ moments, states, control }: TrainingPlan, layout: ParameterLayout): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>([["trainer.control", control]]);
  for (const [moment, { storage }] of Object.entries(moments)) {
    for (const [name, parameter] of layout.tensors)
      tensors.set(`optimizer.${moment}.${name}`, { ...parameter, storage });
  }
  for (const [name, state] of states) tensors.set(`state.${name}`, state);
  return tensors;
}

export async function readState(
  memory: Memory,
  plan: TrainingPlan,
  layout: ParameterLayout,
  steps: number,
): Promise<TrainingState> {
  const named = [...tensorsOf(plan, layout)];
  const [counters, ...data] = await memory.read(plan.counters, ...named.map(([, tensor]) => tensor));
  const tensors = named.map(([name, { shape }], i): [string, HostTensor] => [
    name,
    { shape, data: data[i] as Float32Array },
  ]);
  return { steps, counters: [...(counters as Uint32Array)], tensors: new Map(tensors) };
}

/** @throws WebgpuRnnError when a tensor is missing or has another shape; nothing has been written then */
export function writeState(memory: Memory, plan: TrainingPlan, layout: ParameterLayout, state: TrainingState): void {
  const named = [...tensorsOf(plan, layout)].map(([name, target]) => {
    const given = state.tensors.get(name);
    if (given && shapeText(given.shape) === shapeText(target.shape)) return { target, data: given.data };
    throw refuse({
      what: `training state: "${name}"`,
      expected: `a tensor of shape ${shapeText(target.shape)}`,
      got: given ? shapeText(given.shape) : "none",
      cure: "resume with the model, batch, time and optimizer that the state comes from",
    });
  });
  memory.write(plan.counters, Uint32Array.from(state.counters));
  for (const { target, data } of named) memory.write(target, data);
}
