import { columns } from "../columns.ts";
import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { recurrent } from "../nn/own-cell.ts";
import type { RecurrentOptions } from "../nn/recurrent-options.ts";
import type { Cell } from "../ops/cells.ts";
import { MACHINES, type Machine } from "../ops/machine-options.ts";
import { threefry, uniformFrom } from "../random.ts";
import { type HostTensor, type NamedTensors, sizeOf } from "../tensor.ts";
import { createDifferentiator, type Differentiator } from "./differentiator.ts";

/** How far the gradient of one tensor lies from differences. */
export interface GradientRow {
  readonly machine: Machine;
  /** `inputs`, a parameter or an initial state. */
  readonly name: string;
  /** Largest difference of a slope, relative to the largest slope, or to 1/4 where all are smaller. */
  readonly error: number;
  readonly passed: boolean;
}

/** Prints itself as a table. */
export interface GradientReport {
  readonly rows: readonly GradientRow[];
  readonly tolerance: number;
  readonly passed: boolean;
  toString(): string;
}

/** Small enough that float32 differences mean something, and not a multiple of any tile. */
const SHAPE = { batch: 3, time: 4, inputs: 3, hidden: 5 };

/** Slopes along so many random directions are compared for each tensor: a wrong element shows in all of them. */
const DIRECTIONS = 2;

/**
 * How far the outer two of four points lie from the middle, along a direction of norm 1 whatever the tensor's size.
 * The loss sums about 200 float32 numbers below 1, rounded by about 2⁻²³ and weighted by 0.6, so that it is off by 1e-6
 * and a slope by √130 / (6 STEP) of that: 1.2e-4. The fourth-order difference itself is off by STEP⁴ / 480 = 1e-10 of the
 * fifth derivative, which layer normalisation takes to about 1e6.
 */
const STEP = 1 / 64;

/**
 * Tried where the slopes disagree: of all four points closer together the difference is off by 1/16 of the fifth derivative,
 * should that be larger than thought, and by twice the rounding. A wrong term is wrong by both.
 */
const SHORT_STEP = STEP / 2;

/** Slopes are compared to this at least, lest a tensor that hardly matters be judged by rounding alone. */
const SMALLEST_SLOPE = 1 / 4;

/** Of a slope: four times what rounding explains of the smallest, and far below any wrong term. */
const TOLERANCE = 2e-3;

/**
 * Compares every gradient of a cell, on both recurrent machines, with differences of its forward pass at a tiny size.
 * Nothing is drawn, as outside training. A cell whose maths has kinks may fail where one lies between the points.
 * @param options of the layer that is checked
 * @throws WebgpuRnnError when the cell's text does not compile, an option is out of its range, or the device keeps
 *   recurrent weights in float16
 */
export async function checkGradients(
  gpu: Gpu,
  cell: Cell,
  options: Omit<RecurrentOptions, "machine"> = {},
): Promise<GradientReport> {
  if (gpu.target.half) {
    throw refuse({
      what: "checkGradients: gpu",
      expected: "a device that keeps recurrent weights in float32, for differences of float16 are steps",
      got: 'recurrentWeights "float16"',
      cure: "open one without recurrentWeights",
    });
  }
  const { batch, time, inputs, hidden } = SHAPE;
  const rows: GradientRow[] = [];
  for (const machine of MACHINES) {
    const layer = recurrent(cell, inputs, hidden, { ...options, machine });
    const network = await createDifferentiator(gpu, layer, { batch, time, seed: 1, training: false });
    try {
      rows.push(...(await checkNetwork(network, machine, options.initialState === "learned")));
    } finally {
      network.dispose();
    }
  }
  return {
    rows,
    tolerance: TOLERANCE,
    passed: rows.every(({ passed }) => passed),
    toString: () => table(rows),
  };
}

function table(rows: readonly GradientRow[]): string {
  const lines = rows.map(({ machine, name, error, passed }) => {
    return [machine, name, error.toExponential(1), passed ? "" : "wrong"];
  });
  return columns([["machine", "gradient of", "error", `allowed ${TOLERANCE}`], ...lines]).join("\n");
}

/** Everything that a pass depends on, by name. */
type Point = ReadonlyMap<string, HostTensor>;

/** @param learned initial states are parameters, so that none are given */
async function checkNetwork(network: Differentiator, machine: Machine, learned: boolean): Promise<GradientRow[]> {
  const { batch, time, inputs } = SHAPE;
  const probe = await network.forward({ inputs: noise([batch, time, inputs], 0) });
  const given = learned ? [] : [...probe.finalStates];
  const states = new Map(given.map(([name, { shape }], i) => [name, noise(shape, 10 + i)]));
  const weights = await network.weights();
  const point: Point = new Map([["inputs", noise([batch, time, inputs], 1)], ...states, ...weights]);
  const cotangents = {
    outputs: noise(probe.outputs.shape, 2),
    finalStates: new Map([...probe.finalStates].map(([name, { shape }], i) => [name, noise(shape, 20 + i)])),
  };
  const run = (at: Point) => {
    network.setParameters(pick(at, weights));
    return network.forward({ inputs: at.get("inputs") as HostTensor, initialStates: pick(at, states) });
  };
  /** The scalar whose gradients the cotangents ask for. */
  const loss = async (at: Point): Promise<number> => {
    const { outputs, finalStates } = await run(at);
    const ofStates = [...finalStates].map(([name, { data }]) =>
      dot(data, cotangents.finalStates.get(name)?.data ?? []),
    );
    return dot(outputs.data, cotangents.outputs.data) + ofStates.reduce((sum, value) => sum + value, 0);
  };
  await run(point);
  const back = await network.backward(cotangents);
  const gradients: Point = new Map([
    ["inputs", back.inputs as HostTensor],
    ...pick(back.initialStates, states),
    ...back.parameters,
  ]);

  const rows: GradientRow[] = [];
  for (const [name, { data }] of gradients) {
    let [worst, largest] = [0, 0];
    for (let d = 0; d < DIRECTIONS; d++) {
      const direction = unit(noise([data.length], 100 + d).data);
      const wanted = dot(data, direction);
      const scale = Math.max(Math.abs(wanted), SMALLEST_SLOPE);
      let slope = await difference(loss, point, name, direction, STEP);
      if (Math.abs(slope - wanted) > TOLERANCE * scale) {
        const short = await difference(loss, point, name, direction, SHORT_STEP);
        if (Math.abs(short - wanted) < Math.abs(slope - wanted)) slope = short;
      }
      worst = Math.max(worst, Math.abs(slope - wanted));
      largest = Math.max(largest, Math.abs(slope));
    }
    const error = worst / Math.max(largest, SMALLEST_SLOPE);
    rows.push({ machine, name, error, passed: error <= TOLERANCE });
  }
  return rows;
}

/** The slope of the loss along a direction of one tensor, from four points. */
async function difference(
  loss: (at: Point) => Promise<number>,
  point: Point,
  name: string,
  direction: Float32Array,
  step: number,
): Promise<number> {
  const at = (by: number): Promise<number> => {
    const { shape, data } = point.get(name) as HostTensor;
    const moved = data.map((value, i) => value + by * (direction[i] as number));
    return loss(new Map([...point, [name, { shape, data: moved }]]));
  };
  const inner = (await at(step / 2)) - (await at(-step / 2));
  const outer = (await at(step)) - (await at(-step));
  return (8 * inner - outer) / (6 * step);
}

const pick = (from: Point, like: ReadonlyMap<string, unknown>): NamedTensors =>
  new Map([...from].filter(([name]) => like.has(name)));

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);

function unit(direction: Float32Array): Float32Array {
  const norm = Math.hypot(...direction);
  return direction.map((value) => value / norm);
}

/** Numbers in ±1 without a pattern. */
const noise = (shape: readonly number[], stream: number): HostTensor => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => 2 * uniformFrom(threefry(3, stream, i, 0)[0]) - 1),
});
