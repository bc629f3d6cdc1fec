import type { Gpu } from "../gpu/device.ts";
import { type Elements, Memory } from "../gpu/memory.ts";
import { crossEntropy } from "../losses/cross-entropy.ts";
import { embedding } from "../nn/embedding.ts";
import { gru } from "../nn/gru.ts";
import { initialWeights } from "../nn/init.ts";
import { jordan } from "../nn/jordan.ts";
import type { Layer } from "../nn/layer.ts";
import { linear } from "../nn/linear.ts";
import { lstm } from "../nn/lstm.ts";
import { mgu } from "../nn/mgu.ts";
import { layOut, type ParameterLayout } from "../nn/parameters.ts";
import { indrnn, rnn } from "../nn/rnn.ts";
import { sequential } from "../nn/sequential.ts";
import { ALL_MACHINES, type Machine } from "../ops/machine-options.ts";
import { adam } from "../optim/adam.ts";
import { Program } from "../plan/program.ts";
import { threefry } from "../random.ts";
import { type HostTensor, type NamedTensors, sizeOf, type Tensor } from "../tensor.ts";
import { recordTraining, type TrainingPlan } from "../train/training-plan.ts";
import { OracleMemory, playPlan } from "./play.ts";

/** One quantity of the self-test: how far the GPU lies from float64. */
export interface SelfTestRow {
  /** The cell, the machine and the tensor, such as `lstm, scan: gradient of 1.weight_hh_l0`. */
  readonly name: string;
  /** Largest difference, relative to the root mean square of the reference. */
  readonly error: number;
  readonly tolerance: number;
  readonly passed: boolean;
}

/** Small enough to take no time, odd enough to meet every edge of the tiles. */
const SHAPE = { vocabulary: 13, features: 9, hidden: 17, batch: 3, time: 7 };
/** Units of h where the cell projects, and of a Jordan network's output. */
const OUT = 5;

const { features: I, hidden: H } = SHAPE;
const LAYERS: Readonly<Record<string, (options: { layers: number; machine: Machine }) => Layer>> = {
  lstm: (options) => lstm(I, H, options),
  "lstm with projection": (options) => lstm(I, H, { ...options, projection: OUT }),
  gru: (options) => gru(I, H, options),
  "gru, reset before": (options) => gru(I, H, { ...options, reset: "before" }),
  rnn: (options) => rnn(I, H, options),
  // Without a kink, at which float32 and float64 may part.
  indrnn: (options) => indrnn(I, H, { ...options, activation: "tanh" }),
  jordan: (options) => jordan(I, H, OUT, options),
  mgu: (options) => mgu(I, H, options),
};

/** Whose layers a wavefront takes. */
const JOINED = ["lstm", "gru", "rnn"];

/** Rounding of one float32 operation. */
const EPSILON = 2 ** -24;

/**
 * A gradient is a sum over B · T rows of products that came through sums of H + E terms and at most four gates. Roundings
 * add up as a random walk, so their standard deviation grows with the root of their number; 4 of them are allowed.
 */
const TOLERANCE = 4 * EPSILON * Math.sqrt(SHAPE.batch * SHAPE.time * (SHAPE.hidden + SHAPE.features) * 4);

/**
 * Plays one training step of small character models on the device and by the float64 twins, every cell on all recurrent
 * machines that take it, and compares the loss and every gradient.
 */
export async function selfTest(gpu: Gpu): Promise<SelfTestRow[]> {
  const rows: SelfTestRow[] = [];
  for (const machine of ALL_MACHINES) {
    for (const [name, layer] of Object.entries(LAYERS)) {
      if (machine === "wavefront" && !JOINED.includes(name)) continue;
      rows.push(...(await testLayer(gpu, `${name}, ${machine}`, layer({ layers: 2, machine }))));
    }
  }
  return rows;
}

async function testLayer(gpu: Gpu, title: string, recurrent: Layer): Promise<SelfTestRow[]> {
  const { vocabulary, features, batch, time } = SHAPE;
  const model = sequential(embedding(vocabulary, features), recurrent, linear(recurrent.output, vocabulary));
  const layout = layOut(model);
  const target = gpu.target;
  const recorded = recordTraining(model, layout, {
    batch,
    time,
    loss: crossEntropy(),
    optimizer: adam(),
    clipNorm: 0,
    seed: 1,
    target,
  });
  const inputs = [...drawIds(recorded), ...placeWeights(layout, initialWeights(model, 1))];
  const outputs: (readonly [string, Tensor])[] = [
    ["loss", { ...recorded.control, shape: [1] }],
    ...[...layout.tensors].map(([name, parameter]): [string, Tensor] => [
      `gradient of ${name}`,
      { ...parameter, storage: recorded.gradients.storage },
    ]),
  ];

  const oracle = new OracleMemory();
  for (const [tensor, elements] of inputs) oracle.write(tensor, elements);
  playPlan(recorded.plan, oracle);

  const memory = new Memory(gpu);
  const program = await Program.create(memory, recorded.plan);
  try {
    for (const [tensor, elements] of inputs) program.write(tensor, elements);
    program.run();
    const results = await program.read(...outputs.map(([, tensor]) => tensor));
    return outputs.map(([name, tensor], i) => row(`${title}: ${name}`, results[i] as Elements, oracle.read(tensor)));
  } finally {
    program.dispose();
    memory.dispose();
  }
}

function drawIds({ inputs, targets }: TrainingPlan): [Tensor, Uint32Array][] {
  return [inputs, targets].map((tensor, stream) => {
    const draw = (i: number): number => threefry(2, stream, i, 0)[0] % SHAPE.vocabulary;
    return [tensor, Uint32Array.from({ length: sizeOf(tensor.shape) }, (_, i) => draw(i))];
  });
}

function placeWeights({ tensors }: ParameterLayout, weights: NamedTensors): [Tensor, Float32Array][] {
  return [...tensors].map(([name, tensor]) => [tensor, (weights.get(name) as HostTensor).data]);
}

function row(name: string, actual: ArrayLike<number>, reference: ArrayLike<number>): SelfTestRow {
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < reference.length; i++) {
    squares += (reference[i] as number) ** 2;
    largest = Math.max(largest, Math.abs((actual[i] as number) - (reference[i] as number))); // NaN if one is
  }
  const error = largest / Math.sqrt(squares / reference.length);
  return { name, error, tolerance: TOLERANCE, passed: error <= TOLERANCE };
}
