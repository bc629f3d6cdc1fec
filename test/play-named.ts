import { toDevice, toHost } from "../src/batch/host-layout.ts";
import { deviceMask } from "../src/batch/mask.ts";
import type { Layer } from "../src/nn/layer.ts";
import { layOut, type ParameterLayout } from "../src/nn/parameters.ts";
import { sequential } from "../src/nn/sequential.ts";
import { OracleMemory, playSteps } from "../src/oracle/play.ts";
import { type RecordedGradients, type RecordedNetwork, recordNetwork } from "../src/run/network.ts";
import { fillStates, namedStates } from "../src/run/states.ts";
import type { HostTensor, NamedTensors, Tensor } from "../src/tensor.ts";
import { type NamedRun, named, PREFIX, parametersOf, statesAfter, tensorOf } from "./gpu/run-named.ts";

/** WebGPU's default target. */
const TARGET = { storage: 16_384, invocations: 256, software: false };

/** A layer's plan, and all that it is given in its place. */
export interface PlacedLayer {
  readonly recorded: RecordedNetwork & { readonly back: RecordedGradients };
  readonly parameters: ParameterLayout;
  /** A memory as it is before the plan is played. */
  place(): OracleMemory;
}

export function placeNamed(layer: Layer, given: NamedTensors, run: NamedRun): PlacedLayer {
  const { batch, time, layout = "batch-first", seed } = run;
  const model = sequential(layer);
  const parameters = layOut(model);
  const mask = deviceMask(run, batch, time, layout === "batch-first");
  const options = { batch, time, masked: mask !== undefined, gradients: true, seed };
  const recorded = recordNetwork({ model, layout: parameters }, options, TARGET);
  const back = recorded.back as RecordedGradients;

  const sequence = (to: Tensor, name: string): [Tensor, ArrayLike<number>] => [
    to,
    toDevice(tensorOf(given, name).data, sequenceOf(to), layout),
  ];
  const initial = fillStates("initial", recorded.stateParts, statesAfter("initial ", given));
  const final = fillStates("final", recorded.stateParts, statesAfter("cotangent of final ", given));
  const written: [Tensor, ArrayLike<number>][] = [
    ...[...parametersOf(layer, given)].map(([name, { data }]): [Tensor, ArrayLike<number>] => [
      parameters.tensors.get(name) as Tensor,
      data,
    ]),
    sequence(recorded.inputs, "inputs"),
    sequence(back.output, "cotangent of outputs"),
    ...(recorded.mask && mask ? [[recorded.mask, mask] as [Tensor, ArrayLike<number>]] : []),
    ...initial,
    ...[...final].map(([state, elements]): [Tensor, ArrayLike<number>] => [back.states.get(state) as Tensor, elements]),
  ];
  return {
    recorded: { ...recorded, back },
    parameters,
    place() {
      const memory = new OracleMemory();
      for (const [to, elements] of written) memory.write(to, elements);
      return memory;
    },
  };
}

/** What `runNamed` gives, by the float64 twins; rounded to float32 at the end. */
export function playNamed(layer: Layer, given: NamedTensors, run: NamedRun): NamedTensors {
  const { recorded, parameters, place } = placeNamed(layer, given, run);
  const { plan, stateParts, back, output } = recorded;
  const memory = place();
  playSteps(plan.steps, memory);

  const read = (from: Tensor): HostTensor => toHost(memory.read(from), sequenceOf(from), run.layout ?? "batch-first");
  const states = (tensorOfState: (state: Tensor) => Tensor): NamedTensors =>
    namedStates(stateParts, new Map([...stateParts.keys()].map((state) => [state, memory.read(tensorOfState(state))])));
  return new Map<string, HostTensor>([
    ["outputs", read(output)],
    ...named(
      "final ",
      states((state) => state),
    ),
    ["gradient of inputs", read(back.inputs as Tensor)],
    ...[...parameters.tensors].map(([name, { shape }]): [string, HostTensor] => [
      `gradient of ${name.slice(PREFIX.length)}`,
      { shape, data: Float32Array.from(memory.read(parameterGradient({ recorded, parameters }, name))) },
    ]),
    ...named(
      "gradient of initial ",
      states((state) => back.states.get(state) as Tensor),
    ),
  ]);
}

/** Where the gradient of a parameter lies. */
export function parameterGradient(
  { recorded, parameters }: Pick<PlacedLayer, "recorded" | "parameters">,
  name: string,
): Tensor {
  return { ...(parameters.tensors.get(name) as Tensor), storage: recorded.back.parameters.storage };
}

function sequenceOf({ shape }: Tensor) {
  const [time, batch, width] = shape as [number, number, number];
  return { batch, time, width };
}
