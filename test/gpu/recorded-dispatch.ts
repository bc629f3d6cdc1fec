import type { Gpu } from "../../src/gpu/device.ts";
import type { Layer } from "../../src/nn/layer.ts";
import type { Cell } from "../../src/ops/cells.ts";
import type { Machine } from "../../src/ops/machine-options.ts";
import { cellTwin } from "../../src/oracle/cell-twins.ts";
import { OracleMemory, playSteps } from "../../src/oracle/play.ts";
import type { Twin } from "../../src/oracle/twin.ts";
import { twins } from "../../src/oracle/twins.ts";
import type { Step } from "../../src/plan/step.ts";
import { type Kernel, type Target, variantKey } from "../../src/variant.ts";
import { compare, type Dispatch, type Elements, playDispatch, playTwin } from "./check.ts";
import { type LayerShape, recordLayer } from "./layer-pass.ts";

/** A recurrent layer and the size at which it is recorded. */
export interface Recording extends Omit<LayerShape, "target"> {
  readonly name: string;
  readonly layer: (options: { machine: Machine }) => Layer;
  /** What its target has in place of what the device grants. Default: tiles are those for adapters that compute on the CPU. */
  readonly target?: Partial<Target>;
  /** Flags and constants, `NAME=value`, that its dispatches on a machine must have. Default: any. */
  readonly flags?: Partial<Record<Machine, readonly string[]>>;
}

/** The only dispatch of a recorded scan that takes steps. */
export function recordedScan(gpu: Gpu, recording: Recording, kernel: Kernel): Dispatch {
  const scans = dispatchesOf(gpu, recording, "scan", [kernel]).filter(({ dims }) => dims.begin !== dims.end);
  const [scan] = scans;
  if (!scan || scans.length > 1) throw new Error(`expected one scan that takes steps, got ${scans.length}`);
  return scan;
}

/** A scan for steps `begin` to `end` − 1 alone. */
export const chunkOf = (scan: Dispatch, begin: number, end: number): Dispatch => ({
  ...scan,
  dims: { ...scan.dims, begin, end },
});

/**
 * The dispatches of some kernels in a recorded layer, each with what its bindings hold when its turn comes: by the
 * float64 twins, rounded to float32.
 * @param places which of the dispatches of each variant; default all
 */
export function dispatchesOf(
  gpu: Gpu,
  { layer, target, flags, ...shape }: Recording,
  machine: Machine,
  kernels: readonly Kernel[],
  places: (steps: readonly Step[]) => readonly Step[] = (steps) => steps,
): Dispatch[] {
  const wanted = { ...gpu.target, software: true, ...target };
  const { plan, given } = recordLayer(layer({ machine }), { ...shape, target: wanted });
  const byVariant = new Map<string, Step[]>();
  for (const step of plan.steps.filter(({ variant }) => kernels.includes(variant.kernel))) {
    const key = variantKey(step.variant);
    const missing = flags?.[machine]?.filter((flag) => !key.split(" ").includes(flag)) ?? [];
    if (missing.length > 0) throw new Error(`expected flags ${missing}, got ${key}`);
    byVariant.set(key, [...(byVariant.get(key) ?? []), step]);
  }
  const chosen = new Set([...byVariant.values()].flatMap(places));
  const memory = new OracleMemory();
  for (const [to, elements] of given) memory.write(to, elements);
  return plan.steps.flatMap((step) => {
    const found = chosen.has(step) ? [dispatchOf(step, memory)] : [];
    playSteps([step], memory);
    return found;
  });
}

function dispatchOf({ variant, bindings, dims, workgroups }: Step, memory: OracleMemory): Dispatch {
  const rounded = Object.entries(dims).map(([name, value]) => [name, Math.fround(value)]);
  const held = Object.entries(bindings).map(([name, tensor]) => {
    const view = memory.view(tensor);
    return [name, view instanceof Uint32Array ? view.slice() : Float32Array.from(view)];
  });
  return {
    variant,
    twin: twins[variant.kernel.name] as Twin,
    cell: cellTwin(variant.cell as Cell),
    dims: Object.fromEntries(rounded),
    buffers: Object.fromEntries(held),
    workgroups,
  };
}

/** The first, a middle and the last, once each. */
export const telling = (steps: readonly Step[]): readonly Step[] => [
  ...new Set([0, steps.length >> 1, steps.length - 1].map((place) => steps[place] as Step)),
];

/** Plays a dispatch of a recurrent kernel on the GPU and by its twin and compares everything it may write. */
export async function checkRecurrent(gpu: Gpu, dispatch: Dispatch): Promise<void> {
  const written = await playDispatch(gpu, dispatch);
  const reference = playTwin(dispatch) as Record<string, Float64Array>;
  const wanted = Object.fromEntries(Object.keys(written).map((name) => [name, reference[name] as Float64Array]));
  const bound = recurrentTolerance(dispatch, wanted);
  if (!Number.isFinite(bound)) throw new Error("the twin leaves numbers that are not finite");
  for (const [name, data] of Object.entries(wanted)) compare(name, written[name] as Elements, data, bound);
}

/**
 * Largest difference of float32 from float64 that rounding explains. Every step on the way to an element rounds once for
 * each term of its products, and each stage's activations count for 64 roundings, since WGSL's exp may be 3 + 2|x| units
 * off. A rounding is at most 2^-24 of a partial sum; those stay below the largest number that the dispatch writes, or 1
 * (weights in ±1/√H against states or gate gradients below 1), and average half of that: n of them walk 0.29 √n · 2^-24
 * away. Three and a half such deviations are allowed. No cell lets an error grow from step to step: forget and update
 * gates stay below 1, and R with weights in ±1/√H shrinks what comes through it. So T steps count as T walks. Layer
 * normalisation alone stretches errors in each step, by 1 / standard deviation of the products.
 * @param written what the dispatch has left in its writable bindings
 */
export function recurrentTolerance(
  { variant, dims, workgroups }: Dispatch,
  written: Readonly<Record<string, Float64Array | Elements>>,
): number {
  const { HIDDEN = 0, OUT = 0 } = variant.constants ?? {};
  const { TWO_STAGES, DIAGONAL, WAVEFRONT } = variant.flags ?? {};
  const { gates } = variant.cell as Cell;
  const forward = variant.kernel.name.endsWith("_forward");
  const own = DIAGONAL ? gates : forward ? OUT : gates * HIDDEN;
  const first = WAVEFRONT ? 2 * own : own; // a product with W as well
  const second = TWO_STAGES ? (forward ? HIDDEN : OUT) + 64 : 0;
  const { begin, end, deviation, gates_part: part } = dims as Record<string, number>;
  const steps = end - begin;
  const deviations = Array.from({ length: workgroups[2] }, (_, d) =>
    written.gates?.subarray(d * part + deviation, (d + 1) * part),
  );
  const largest = Math.max(
    1,
    ...Object.values(written).map(largestOf),
    Math.max(...deviations.map(largestOf)) ** steps,
  );
  return Math.sqrt((first + 64 + second) * steps) * 2 ** -24 * largest;
}

function largestOf(numbers: Iterable<number> = []): number {
  let largest = 0;
  for (const number of numbers) largest = Math.max(largest, Math.abs(number));
  return largest;
}
