import type { Gpu } from "../../src/gpu/device.ts";
import { type Elements, Memory } from "../../src/gpu/memory.ts";
import { mergeDirections } from "../../src/kernels.ts";
import { initialWeights } from "../../src/nn/init.ts";
import type { Layer } from "../../src/nn/layer.ts";
import { gradientSlabs, layOut } from "../../src/nn/parameters.ts";
import { recordModel } from "../../src/nn/record.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { Program } from "../../src/plan/program.ts";
import { Recorder } from "../../src/plan/recorder.ts";
import { sizeOf, type Tensor, tensor } from "../../src/tensor.ts";
import { controlTensors } from "../../src/train/control.ts";
import type { Target } from "../../src/variant.ts";
import { noise } from "./noise.ts";

/** Forward and backward of one layer as a plan: what goes in with its numbers, and all that comes out. */
export interface LayerPass {
  readonly plan: Plan;
  readonly given: ReadonlyMap<Tensor, Elements>;
  readonly results: ReadonlyMap<string, Tensor>;
  /** Sum of results times cotangents: the scalar whose gradients the pass computes. */
  readonly cotangents: ReadonlyMap<string, Elements>;
}

export interface LayerShape {
  readonly batch: number; // B
  readonly time: number; // T
  /** Steps of each row; left out: no mask. */
  readonly lengths?: readonly number[];
  /** Whether random options are drawn. Default true. */
  readonly training?: boolean;
  /** Whether all of dL/dh per step is left where the cotangents were. Default false. */
  readonly flow?: boolean;
  readonly target: Target;
}

/** Records a layer with random weights, inputs, initial states, and cotangents on outputs and final states. */
export function recordLayer(layer: Layer, shape: LayerShape): LayerPass {
  const { batch, time, lengths, training = true, flow = false, target } = shape;
  const model = sequential(layer);
  const layout = layOut(model);
  const slabs = gradientSlabs(layout);
  const { counters } = controlTensors();
  const recorder = new Recorder({ target, slabs, ...(training ? { random: { seed: 5, counters } } : {}) });
  const x = tensor("x", [time, batch, layer.input as number]);
  const dx = recorder.zeros("dx", x.shape);
  recorder.setGradient(x, dx);
  const mask = lengths ? tensor("mask", [time, batch]) : undefined;
  const { output, states } = recordModel(recorder, model, layout, x, { mask, flow });
  const y = tensor("y", output.shape); // the output shares its buffer with what comes later
  recorder.dispatch({
    label: "copy",
    variant: { kernel: mergeDirections },
    bindings: { states: output, out: y },
    dims: { rows: 1, width: sizeOf(y.shape), forward: 0, reverse: 0 },
    workgroups: [1, 1, 1],
  });
  const [state] = [...states.values()] as [Tensor];
  const doutput = tensor("doutput", output.shape);
  recorder.setGradient(output, doutput);
  recorder.backward();
  const plan = recorder.finish("layer");

  const given = new Map<Tensor, Elements>([
    [x, noise(sizeOf(x.shape), 11)],
    [state, noise(sizeOf(state.shape), 12)],
    [doutput, noise(sizeOf(doutput.shape), 13)],
  ]);
  if (mask && lengths) {
    given.set(
      mask,
      Float32Array.from({ length: time * batch }, (_, i) =>
        Math.floor(i / batch) < (lengths[i % batch] ?? 0) ? 1 : 0,
      ),
    );
  }
  const weights = initialWeights(model, 3);
  for (const [name, parameter] of layout.tensors) given.set(parameter, weights.get(name)?.data as Elements);
  const gradients = [...layout.tensors].map(([name, parameter]): [string, Tensor] => [
    `gradient of ${name}`,
    { ...parameter, storage: slabs.gradients },
  ]);
  return {
    plan,
    given,
    results: new Map([
      ["output", y],
      ["final states", state],
      ["gradient of inputs", dx],
      ["gradient of initial states", recorder.gradient(state)],
      ...gradients,
    ]),
    cotangents: new Map([["output", given.get(doutput) as Elements]]),
  };
}

/** The results of a pass by the float64 twins. */
export function playLayer({ plan, given, results }: LayerPass): Map<string, Float64Array> {
  const memory = new OracleMemory();
  for (const [to, elements] of given) memory.write(to, elements);
  playPlan(plan, memory);
  return new Map([...results].map(([name, result]) => [name, memory.read(result) as Float64Array]));
}

/** The results of a pass by the device. */
export async function runLayer(gpu: Gpu, { plan, given, results }: LayerPass): Promise<Map<string, Elements>> {
  const memory = new Memory(gpu);
  try {
    const program = await Program.create(memory, plan);
    try {
      for (const [to, elements] of given) program.write(to, elements);
      program.run();
      const read = await program.read(...results.values());
      return new Map([...results.keys()].map((name, i) => [name, read[i] as Elements]));
    } finally {
      program.dispose();
    }
  } finally {
    memory.dispose();
  }
}
