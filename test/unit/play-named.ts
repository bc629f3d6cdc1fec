import type { Layer } from "../../src/nn/layer.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { OracleMemory, playSteps } from "../../src/oracle/play.ts";
import { toDevice, toHost } from "../../src/run/host-layout.ts";
import { deviceMask } from "../../src/run/mask.ts";
import { type RecordedGradients, recordNetwork } from "../../src/run/network.ts";
import { fillStates, namedStates } from "../../src/run/states.ts";
import type { HostTensor, NamedTensors, Tensor } from "../../src/tensor.ts";
import { type NamedRun, named, PREFIX, parametersOf, statesAfter, tensorOf } from "../gpu/run-named.ts";

/** WebGPU's default target. */
const TARGET = { storage: 16_384, invocations: 256, software: false };

/** What `runNamed` gives, by the float64 twins; rounded to float32 at the end. */
export function playNamed(layer: Layer, given: NamedTensors, run: NamedRun): NamedTensors {
  const { batch, time, lengths, layout = "batch-first" } = run;
  const model = sequential(layer);
  const parameters = layOut(model);
  const mask = lengths ? deviceMask({ lengths }, batch, time, false) : undefined;
  const options = { batch, time, masked: mask !== undefined, gradients: true, seed: undefined };
  const { plan, stateParts, ...recorded } = recordNetwork({ model, layout: parameters }, options, TARGET);
  const back = recorded.back as RecordedGradients;
  const sequence = ({ shape: [, , width] }: Tensor) => ({ batch, time, width: width as number });

  const memory = new OracleMemory();
  const write = (to: Tensor, name: string): void =>
    memory.write(to, toDevice(tensorOf(given, name).data, sequence(to), layout));
  for (const [name, { data }] of parametersOf(layer, given)) memory.write(parameters.tensors.get(name) as Tensor, data);
  write(recorded.inputs, "inputs");
  write(back.output, "cotangent of outputs");
  if (recorded.mask && mask) memory.write(recorded.mask, mask);
  for (const [to, elements] of fillStates("initial", stateParts, statesAfter("initial ", given))) {
    memory.write(to, elements);
  }
  for (const [state, elements] of fillStates("final", stateParts, statesAfter("cotangent of final ", given))) {
    memory.write(back.states.get(state) as Tensor, elements);
  }
  playSteps(plan.steps, memory);

  const read = (from: Tensor): HostTensor => toHost(memory.read(from), sequence(from), layout);
  const states = (tensorOfState: (state: Tensor) => Tensor): NamedTensors =>
    namedStates(stateParts, new Map([...stateParts.keys()].map((state) => [state, memory.read(tensorOfState(state))])));
  const { storage } = back.parameters;
  return new Map<string, HostTensor>([
    ["outputs", read(recorded.output)],
    ...named(
      "final ",
      states((state) => state),
    ),
    ["gradient of inputs", read(back.inputs as Tensor)],
    ...[...parameters.tensors].map(([name, parameter]): [string, HostTensor] => [
      `gradient of ${name.slice(PREFIX.length)}`,
      { shape: parameter.shape, data: Float32Array.from(memory.read({ ...parameter, storage })) },
    ]),
    ...named(
      "gradient of initial ",
      states((state) => back.states.get(state) as Tensor),
    ),
  ]);
}
