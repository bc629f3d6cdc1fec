import { columns } from "../columns.ts";
import type { Gpu } from "../gpu/device.ts";
import { recurrent } from "../nn/own-cell.ts";
import type { RecurrentOptions } from "../nn/recurrent-options.ts";
import type { Cell } from "../ops/cells.ts";
import { MACHINES, type Machine } from "../ops/machine.ts";
import { threefry, uniformFrom } from "../random.ts";
import { type HostTensor, type NamedTensors, sizeOf } from "../tensor.ts";
import { createDifferentiator, type Differentiator } from "./differentiator.ts";

/** How far the gradient of one tensor lies from differences. */
export interface GradientRow {
  readonly machine: Machine;
  /** `inputs`, a parameter or an initial state. */
  readonly name: string;
  /** Largest difference of a slope, relative to the largest slope. */
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

/** Slopes along so many random directions are compared for each tensor: a wrong element shows in nearly all of them. */
const DIRECTIONS = 4;

/**
 * Half the distance of the outer two of four points. Their fourth-order difference is off by STEP⁴/30 of the fifth
 * derivative, about 2e-9 of it, and by the rounding of the loss, about 2⁻²² / STEP = 2e-5.
 */
const STEP = 1 / 64;

/** Relative to the largest slope of the tensor: fifty times what rounding explains, far below any wrong term. */
const TOLERANCE = 1e-3;

/**
 * Compares every gradient of a cell, on both recurrent machines, with differences of its forward pass at a tiny size.
 * A cell whose maths has kinks may fail where one lies between the points.
 * @param options of the layer that is checked; random ones are drawn the same for all points only if they are 0
 * @throws WebgpuRnnError when the cell's text does not compile
 */
export async function checkGradients(gpu: Gpu, cell: Cell, options: RecurrentOptions = {}): Promise<GradientReport> {
  const rows: GradientRow[] = [];
  for (const machine of MACHINES) {
    const layer = recurrent(cell, SHAPE.inputs, SHAPE.hidden, { ...options, machine });
    const network = await createDifferentiator(gpu, layer, { ...SHAPE, seed: 1, training: false });
    try {
      rows.push(...(await checkNetwork(network, machine)));
    } finally {
      network.dispose();
    }
  }
  const table = rows.map(({ machine, name, error, passed }) => [
    machine,
    name,
    error.toExponential(1),
    passed ? "" : "wrong",
  ]);
  return {
    rows,
    tolerance: TOLERANCE,
    passed: rows.every(({ passed }) => passed),
    toString: () => columns([["machine", "gradient of", "error", `allowed ${TOLERANCE}`], ...table]).join("\n"),
  };
}

/** Everything that a pass depends on, by name. */
type Point = ReadonlyMap<string, HostTensor>;

async function checkNetwork(network: Differentiator, machine: Machine): Promise<GradientRow[]> {
  const { batch, time, inputs } = SHAPE;
  const probe = await network.forward({ inputs: noise([batch, time, inputs], 0) });
  const states = new Map([...probe.finalStates].map(([name, { shape }], i) => [name, noise(shape, 10 + i)]));
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
  const gradients: Point = new Map([["inputs", back.inputs as HostTensor], ...back.initialStates, ...back.parameters]);

  const rows: GradientRow[] = [];
  for (const [name, { data }] of gradients) {
    let [worst, largest] = [0, 0];
    for (let d = 0; d < DIRECTIONS; d++) {
      const direction = noise([data.length], 100 + d).data;
      const slope = await difference(loss, point, name, direction);
      worst = Math.max(worst, Math.abs(slope - dot(data, direction)));
      largest = Math.max(largest, Math.abs(slope));
    }
    const error = worst / Math.max(largest, STEP);
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
): Promise<number> {
  const at = (by: number): Promise<number> => {
    const { shape, data } = point.get(name) as HostTensor;
    const moved = data.map((value, i) => value + by * (direction[i] as number));
    return loss(new Map([...point, [name, { shape, data: moved }]]));
  };
  const half = STEP / 2;
  const inner = (await at(half)) - (await at(-half));
  const outer = (await at(STEP)) - (await at(-STEP));
  return (8 * inner - outer) / (6 * STEP);
}

const pick = (from: Point, like: ReadonlyMap<string, unknown>): NamedTensors =>
  new Map([...from].filter(([name]) => like.has(name)));

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** Numbers in ±1 without a pattern. */
const noise = (shape: readonly number[], stream: number): HostTensor => ({
  shape,
  data: Float32Array.from({ length: sizeOf(shape) }, (_, i) => 2 * uniformFrom(threefry(3, stream, i, 0)[0]) - 1),
});
