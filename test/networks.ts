import { toDevice, toHost } from "../src/batch/host-layout.ts";
import { deviceMask, type RowSteps } from "../src/batch/mask.ts";
import { activation } from "../src/nn/activation.ts";
import { dropout } from "../src/nn/dropout.ts";
import { gru } from "../src/nn/gru.ts";
import { initialWeights } from "../src/nn/init.ts";
import { layerNorm } from "../src/nn/layer-norm.ts";
import { linear } from "../src/nn/linear.ts";
import { oneHot } from "../src/nn/one-hot.ts";
import { layOut } from "../src/nn/parameters.ts";
import { lastStep, maxOverTime, meanOverTime } from "../src/nn/pooling.ts";
import { type Model, sequential } from "../src/nn/sequential.ts";
import { temporalConvolution } from "../src/nn/temporal-convolution.ts";
import { ACTIVATION_NAMES, type Activation } from "../src/ops/activations.ts";
import { OracleMemory, playSteps } from "../src/oracle/play.ts";
import { type RecordedGradients, recordNetwork } from "../src/run/network.ts";
import { namedStates } from "../src/run/states.ts";
import { type HostTensor, type NamedTensors, sizeOf, type Tensor } from "../src/tensor.ts";
import { noise, randomIds } from "./gpu/noise.ts";

/** WebGPU's default target. */
const TARGET = { storage: 16_384, invocations: 256, software: false };

/** B, T. */
export const SHAPE = { batch: 3, time: 4 } as const;

/** A small network in which the layers without recurrence stand, and how it is run. */
export interface NetworkCase {
  readonly name: string;
  readonly model: Model;
  readonly rows?: RowSteps;
  /** Key of what training draws; left out: nothing is drawn. */
  readonly seed?: number;
  /** Whether it starts from states, and what it leaves counts. */
  readonly states?: boolean;
}

/** What has no defaults. */
const NUMBERS: Readonly<Partial<Record<string, Activation>>> = {
  affine: { name: "affine", alpha: -0.7, beta: 0.25 },
  scaledTanh: { name: "scaledTanh", alpha: 1.75, beta: 0.6 },
};

/** A row in between, an empty one and a full one; or rows with holes. */
export const ROWS: Readonly<Record<string, RowSteps>> = {
  "all rows": {},
  lengths: { lengths: [2, 0, 4] },
  "a mask": {
    mask: [
      [0, 1, 1, 0],
      [1, 0, 0, 1],
      [1, 1, 1, 1],
    ],
  },
};

export const networkCases: readonly NetworkCase[] = [
  ...ACTIVATION_NAMES.map((name) => ({ name, model: sequential(linear(3, 5), activation(NUMBERS[name] ?? name)) })),
  { name: "one-hot ids", model: sequential(oneHot(7), linear(7, 4)) },
  { name: "dropout, drawn", model: sequential(linear(3, 5), dropout(0.3), linear(5, 2)), seed: 5 },
  { name: "dropout, not drawn", model: sequential(linear(3, 5), dropout(0.3), linear(5, 2)) },
  { name: "layer normalisation", model: sequential(linear(3, 5), layerNorm(5, { epsilon: 0.25 }), linear(5, 2)) },
  ...Object.entries(ROWS).flatMap(([steps, rows]) => [
    ...[
      { taps: 1 },
      { taps: 3 },
      { taps: 2, dilation: 3 },
      { taps: 3, dilation: 3 },
      { taps: 4, causal: false },
      { taps: 2, dilation: 2, causal: false },
    ].map((options) => ({
      name: `temporal convolution ${JSON.stringify(options)}, ${steps}`,
      model: sequential(temporalConvolution(3, 5, options), linear(5, 2)),
      rows,
      states: true,
    })),
    { name: `the last step, ${steps}`, model: sequential(linear(3, 5), lastStep(), linear(5, 2)), rows },
    { name: `the mean, ${steps}`, model: sequential(linear(3, 5), meanOverTime(), linear(5, 2)), rows },
    { name: `the largest, ${steps}`, model: sequential(linear(3, 5), maxOverTime(), linear(5, 2)), rows },
    ...(["forward", "reverse", "bidirectional"] as const).map((direction) => ({
      name: `the last step of a ${direction} layer, ${steps}`,
      model: sequential(gru(3, 4, { direction }), activation("softsign"), lastStep()),
      rows,
    })),
  ]),
];

/** A network's plan, and what it is given: weights away from zero, inputs and cotangents. */
export function placeNetwork({ model, rows = {}, seed, states = false }: NetworkCase) {
  const { batch, time } = SHAPE;
  const layout = layOut(model);
  const mask = deviceMask(rows, batch, time, true);
  const options = { batch, time, masked: mask !== undefined, gradients: true, seed };
  const recorded = recordNetwork({ model, layout }, options, TARGET);
  const back = recorded.back as RecordedGradients;
  const ids = randomIds(batch * time, 1, Number(model.layers[0]?.config.vocabulary ?? 1));
  const inputs = hostNoise([batch, time, recorded.inputs.shape[2] ?? 1], 2);
  const [steps, , outputs] = recorded.output.shape as [number, number, number];
  const cotangent = hostNoise([batch, steps, outputs], 3);
  const weights: NamedTensors = new Map(
    [...initialWeights(model, 4)].map(([name, { shape }], i) => [name, hostNoise(shape, 10 + i)]),
  );
  const stateNoise = (first: number): Map<Tensor, Float32Array> =>
    new Map(
      [...(states ? recorded.stateParts.keys() : [])].map((state, i) => [state, noise(sizeOf(state.shape), first + i)]),
    );
  const [initial, final] = [stateNoise(5), stateNoise(7)];
  const partsOf = (of: ReadonlyMap<Tensor, Float32Array>): NamedTensors =>
    states ? namedStates(recorded.stateParts, of) : new Map();
  const byIds = recorded.inputs.type === "u32";
  return {
    recorded: { ...recorded, back },
    layout,
    /** As a differentiator takes them. */
    given: {
      inputs: byIds ? rowsOf(ids) : inputs,
      cotangent,
      weights,
      initialStates: partsOf(initial),
      finalStates: partsOf(final),
    },
    /** What final states weigh in a loss, by the state's tensor. */
    final,
    /** A memory as it is before the plan is played. */
    place(): OracleMemory {
      const memory = new OracleMemory();
      const first = byIds ? Uint32Array.from(ids, (_, i) => ids[turned(i)] as number) : inSequence(inputs);
      memory.write(recorded.inputs, first);
      memory.write(back.output, inSequence(cotangent));
      if (recorded.mask && mask) memory.write(recorded.mask, mask);
      for (const [state, elements] of initial) memory.write(state, elements);
      for (const [state, elements] of final) memory.write(back.states.get(state) as Tensor, elements);
      for (const [name, { data }] of weights) memory.write(layout.tensors.get(name) as Tensor, data);
      return memory;
    },
  };
}

export type PlacedNetwork = ReturnType<typeof placeNetwork>;

/** Where the gradient of a parameter lies. */
export function gradientOf({ recorded, layout }: PlacedNetwork, name: string): Tensor {
  return { ...(layout.tensors.get(name) as Tensor), storage: recorded.back.parameters.storage };
}

/** Outputs and gradients by the float64 twins. */
export function playNetwork(placed: PlacedNetwork): NamedTensors {
  const { recorded, layout, place } = placed;
  const memory = place();
  playSteps(recorded.plan.steps, memory);
  const read = (from: Tensor): HostTensor => {
    const [time, batch, width] = from.shape as [number, number, number];
    return toHost(memory.read(from), { time, batch, width }, "batch-first");
  };
  const { inputs } = recorded.back;
  const { stateParts } = recorded;
  const carried = (at: (state: Tensor) => Tensor): NamedTensors =>
    namedStates(stateParts, new Map([...stateParts.keys()].map((state) => [state, memory.read(at(state))])));
  return new Map<string, HostTensor>([
    ["outputs", read(recorded.output)],
    ...(inputs ? [["inputs", read(inputs)] as const] : []),
    ...[...layout.tensors].map(([name, { shape }]): [string, HostTensor] => [
      name,
      { shape, data: Float32Array.from(memory.read(gradientOf(placed, name))) },
    ]),
    ...prefixed(
      "final ",
      carried((state) => state),
    ),
    ...prefixed(
      "initial ",
      carried((state) => recorded.back.states.get(state) as Tensor),
    ),
  ]);
}

export const prefixed = (words: string, tensors: NamedTensors): [string, HostTensor][] =>
  [...tensors].map(([name, tensor]) => [words + name, tensor]);

const hostNoise = (shape: readonly number[], stream: number): HostTensor => ({
  shape,
  data: noise(sizeOf(shape), stream),
});

function inSequence({ shape, data }: HostTensor): Float32Array {
  const [batch, time, width] = shape as [number, number, number];
  return toDevice(data, { batch, time, width }, "batch-first");
}

/** The place in [B, T] of element i of [T, B]. */
const turned = (i: number): number => (i % SHAPE.batch) * SHAPE.time + Math.floor(i / SHAPE.batch);

const rowsOf = (ids: Uint32Array): Uint32Array[] =>
  Array.from({ length: SHAPE.batch }, (_, b) => ids.subarray(b * SHAPE.time, (b + 1) * SHAPE.time));
