import { whole } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Memory } from "../gpu/memory.ts";
import { fitting, type ParameterLayout } from "../nn/parameters.ts";
import { type HostTensor, type NamedTensors, sizeOf, type Tensor } from "../tensor.ts";
import type { TrainingPlan } from "./training-plan.ts";

/** All that a trainer knows beside the weights: with both, training goes on bit for bit where it stopped. */
export interface TrainingState {
  /** Steps submitted. */
  readonly steps: number;
  /** The device's own counts, as in `shaders/shared/control.wgsl`. */
  readonly counters: readonly number[];
  /** The optimiser's moments, by parameter, the states carried between batches, the window, and the device's `control`. */
  readonly tensors: NamedTensors;
  /** What was chosen for the adapter, so that plans stay the same; see `Plan.choices`. Default: nothing. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** Everything that a {@link TrainingState} holds as tensors, by its name there. */
function tensorsOf({ moments, states, control }: TrainingPlan, layout: ParameterLayout): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>([["trainer.control", control]]);
  for (const [moment, { storage }] of Object.entries(moments)) {
    for (const [name, parameter] of layout.tensors)
      tensors.set(`optimizer.${moment}.${name}`, { ...parameter, storage });
  }
  for (const [name, state] of states) {
    for (const [i, row] of byLayer(state).entries()) tensors.set(`state.${name.replace(/0$/, String(i))}`, row);
  }
  return tensors;
}

/** The states of each layer, `state_l0` and so on, of those that are one tensor. */
function byLayer(state: Tensor): Tensor[] {
  const { shape, offset } = state;
  const [layers, length] = shape as [number, number?];
  if (!length) return [state];
  return Array.from({ length: layers }, (_, i) => ({ ...state, shape: [length], offset: offset + i * length }));
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

/** @throws WebgpuRnnError when the state is of another model, shape or optimizer; nothing has been written then */
export function writeState(memory: Memory, plan: TrainingPlan, layout: ParameterLayout, state: TrainingState): void {
  whole("training state: steps", state.steps, 0);
  for (const count of state.counters) whole("training state: counters", count, 0, 2 ** 32 - 1);
  const wanted = tensorsOf(plan, layout);
  const own = plan.window ? /^(optimizer|state)\./ : /^(optimizer|state|window)\./;
  const foreign = [...state.tensors.keys()].find((name) => own.test(name) && !wanted.has(name));
  if (foreign !== undefined || state.counters.length !== sizeOf(plan.counters.shape)) {
    throw refuse({
      what: "training state",
      expected: "that of a trainer with the same model, batch and optimizer",
      got: `one with ${foreign ?? `${state.counters.length} counters`}`,
    });
  }
  const fits = [...wanted].map(([name, target]) => {
    const { data } = fitting(`training state: "${name}"`, target.shape, state.tensors.get(name));
    return [target, data] as const;
  });
  memory.write(plan.counters, Uint32Array.from(state.counters));
  for (const [target, data] of fits) memory.write(target, data);
}
