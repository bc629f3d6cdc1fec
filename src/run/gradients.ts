import { type Layout, toHost } from "../batch/host-layout.ts";
import type { Elements } from "../gpu/memory.ts";
import type { ParameterLayout } from "../nn/parameters.ts";
import { type HostTensor, type NamedTensors, sizeOf, type Tensor } from "../tensor.ts";
import type { Parameters } from "../train/parameters.ts";
import { sequenceOf } from "./forward.ts";
import type { Network, RecordedGradients } from "./network.ts";
import { namedStates } from "./states.ts";

/** What the way back gives. */
export interface Gradients {
  readonly parameters: NamedTensors;
  /** Undefined where the inputs are ids. */
  readonly inputs: HostTensor | undefined;
  readonly initialStates: NamedTensors;
  /** ‖dL/dh_t‖ of every row and step, [B, T] (time-major [T, B]), by the names of the taps `h_…`, or `y_…` of a Jordan network. */
  readonly flow: NamedTensors;
}

/** Writes cotangents, plays the way back and reads every gradient. */
export async function readGradients(
  { layout: parameters }: Parameters,
  network: Network,
  cotangents: Iterable<readonly [Tensor, Elements]>,
  layout: Layout,
): Promise<Gradients> {
  const { recorded } = network;
  const back = recorded.back as RecordedGradients;
  const wanted = [
    back.parameters,
    ...(back.inputs ? [back.inputs] : []),
    ...back.states.values(),
    ...back.taps.values(),
  ];
  const read = await network.play("backward", cotangents, wanted);
  const states = new Map([...back.states].map(([state, gradient]) => [state, read.get(gradient) as Elements]));
  return {
    parameters: namedParameters(parameters, read.get(back.parameters) as Elements),
    inputs: back.inputs ? sequenceOf(back.inputs, read, layout) : undefined,
    initialStates: namedStates(recorded.stateParts, states),
    flow: new Map([...back.taps].map(([name, tap]) => [name, norms(tap, read.get(tap) as Elements, layout)])),
  };
}

/** The parts of a slab laid out as the parameters are. */
function namedParameters({ tensors }: ParameterLayout, slab: Elements): NamedTensors {
  return new Map(
    [...tensors].map(([name, { shape, offset }]): [string, HostTensor] => [
      name,
      { shape, data: Float32Array.from(slab.subarray(offset, offset + sizeOf(shape))) },
    ]),
  );
}

/** The norm of each row at each step, [B, T] or time-major. */
function norms({ shape }: Tensor, elements: Elements, layout: Layout): HostTensor {
  const [time, batch, width] = shape as [number, number, number];
  const data = Float32Array.from({ length: time * batch }, (_, i) =>
    Math.hypot(...elements.subarray(i * width, (i + 1) * width)),
  );
  const { shape: whole, data: ordered } = toHost(data, { batch, time, width: 1 }, layout);
  return { shape: whole.slice(0, 2), data: ordered };
}
