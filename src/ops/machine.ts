import { refuse } from "../errors.ts";
import type { Workgroups } from "../plan/step.ts";
import { quadsOf, type Target } from "../variant.ts";
import { gatePitch } from "./cells.ts";
import { type MachineCost, machineCost } from "./machine-cost.ts";
import { type Machine, type MachineOptions, ROWS } from "./machine-options.ts";
import { STEP_TILE, splitScan, splitStep } from "./split-k.ts";

/** How a recurrence is played; fixed when the plan is made. No choice but a wavefront or a split changes the order of a sum. */
export interface MachinePlan {
  readonly machine: Machine;
  readonly flags: Flags;
  readonly tile: Tile;
  /** Quads of batch rows of a workgroup of the scan. */
  readonly rowQuads: number;
  readonly workgroups: Workgroups;
  /** Of a second stage. */
  readonly secondWorkgroups: Workgroups;
  /** The tile of what needs whole rows of units. */
  readonly rowsTile: Tile;
  readonly rowsWorkgroups: Workgroups;
  /**
   * Whether a dispatch of one workgroup goes before each of the scan. SwiftShader hands workgroups to the threads that it
   * knows to be idle, then to others in turn, and has none taken over from another once begun. After a dispatch of several
   * it wakes up before the last thread has told that it is idle: two workgroups of a scan then often share a thread, while
   * another sleeps until both are done. So it was in 74 of 200 steps of the main job on two cores; in 22 where a dispatch
   * of a single workgroup went first.
   */
  readonly rests: boolean;
  /** Most time steps of one dispatch. */
  readonly chunk: number;
  readonly cost: MachineCost;
  /** Where there was one: see {@link Step}. */
  readonly choice?: readonly [key: string, machine: Machine];
  /** The machine, and why it is this one, in words. */
  readonly why: string;
}

type Flags = Readonly<Record<"STAGED" | "ONE_ROW" | "QUADS" | "SPLIT_K" | "STATIONARY", boolean>>;

/** Constants of the recurrent kernels. */
interface Tile {
  readonly LANES: number;
  readonly UNITS: number;
}

/** Most quads of them. */
const MOST_ROW_QUADS = 4;
/** Most units of an invocation. */
const MOST_UNITS = 4;
/** Longest stretch of time of one dispatch, where the budget of a submit does not ask for a shorter. */
const LONGEST_CHUNK = 1024;

/**
 * Chooses the machine of a recurrence and its tile. On the CPU a wavefront is not weighed: of 2 to 4 layers of an LSTM of 32
 * to 256 units on two cores it took 0.95 to 1.4 times the CPU time of steps in turn, on SwiftShader and llvmpipe alike.
 * @throws WebgpuRnnError when a workgroup of the device cannot hold all units, but the scan is wanted or the layer
 *   normalises its products
 */
export function chooseMachine(options: MachineOptions): MachinePlan {
  const { wholeRows, target, wanted, layers = 1 } = options;
  const most = MOST_UNITS * target.invocations;
  const width = widthOf(options);
  if (width > most && (wanted === "scan" || wholeRows)) {
    throw refuse({
      what: wholeRows ? "layerNorm" : 'machine "scan"',
      expected: `at most ${most} units, which a workgroup of this device holds`,
      got: `${width}`,
      cure: wholeRows ? "choose a smaller hidden size or none" : 'leave `machine` out or set it to "step"',
    });
  }
  if (wanted) return PLANS[wanted](options, `as wanted, ${expectedOf(wanted, options)}`);
  const able: Machine[] = ["step"];
  if (width <= most) able.unshift("scan");
  if (layers > 1) able.push("wavefront");
  const key = keyOf(options);
  const settled = target.choices?.get(key);
  const known = able.find((machine) => machine === settled);
  const rivals = able.filter((machine) => machine === known || machine !== "wavefront" || !target.software);
  if (rivals.length === 1) {
    return step(options, `a workgroup cannot hold ${width} units, ${expectedOf("step", options)}`);
  }
  const times = rivals.map((rival) => totalOf(rival, options));
  const place = known ? rivals.indexOf(known) : times.indexOf(Math.min(...times));
  const machine = rivals[place] as Machine;
  const others = rivals.map((rival, i) => `, ${milliseconds(times[i] as number)} by ${rival}`).toSpliced(place, 1);
  const why = `${known ? "settled by timing or a checkpoint; " : ""}${expectedOf(machine, options)}`;
  return { ...PLANS[machine](options, why + others.join("")), choice: [key, machine] };
}

const expectedOf = (machine: Machine, options: MachineOptions): string =>
  `${milliseconds(totalOf(machine, options))} expected${options.training ? " both ways" : ""}`;

const milliseconds = (microseconds: number): string => `${Number((microseconds / 1000).toPrecision(2))} ms`;

const PLANS: Readonly<Record<Machine, (options: MachineOptions, why: string) => MachinePlan>> = {
  scan,
  step,
  wavefront,
};

/** All that decides which machine is faster on an adapter. */
function keyOf({ target: _, wanted, time, ...sizes }: MachineOptions): string {
  const told = Object.entries({ ...sizes, once: time === 1 }).filter(
    ([, value]) => value !== false && value !== undefined,
  );
  return told.map(([name, value]) => (value === true ? name : `${name}=${value}`)).join(" ");
}

/** Microseconds of all that is played. */
function totalOf(machine: Machine, options: MachineOptions): number {
  const { time, training, layers = 1 } = options;
  const { forward, backward, once } = PLANS[machine](options, "").cost;
  const [turns, steps] = machine === "wavefront" ? [1, time + layers - 1] : [layers, time];
  return turns * (once + steps * forward + (training ? once + steps * backward : 0));
}

function scan(options: MachineOptions, why: string): MachinePlan {
  const { batch, directions, diagonal, target } = options;
  const rowsTile = rowsTileOf(options);
  const quads = quadsOf(target) && batch > 1 && !diagonal;
  const rowQuads = quads ? rowQuadsOf(options) : 1;
  const rows = Math.ceil(batch / (ROWS * rowQuads));
  const workgroups: Workgroups = [rows, 1, directions];
  const oneRow = batch === 1;
  const split = splitScan(options);
  const stationary = split?.stationary ?? false;
  const spread = { workgroups: rows * directions, rowQuads, blocks: 1, oneRow, layers: 1, stationary };
  const cost = machineCost("scan", options, spread);
  const chunk = chunkOf(cost, options);
  const flags = {
    STAGED: !split && !target.software && !options.twoStages && stagedBytes(options) <= target.storage,
    ONE_ROW: oneRow,
    QUADS: quads,
    SPLIT_K: split !== undefined,
    STATIONARY: stationary,
  };
  return {
    machine: "scan",
    flags,
    tile: split ? { LANES: split.lanes, UNITS: 1 } : rowsTile,
    rowQuads,
    workgroups,
    secondWorkgroups: workgroups,
    rowsTile,
    rowsWorkgroups: workgroups,
    rests: quadsOf(target) && rows * directions > 1,
    chunk,
    cost,
    why: `scan${inTurn(options)}, ${chunk} steps a dispatch${productsOf(flags, options)}: ${why}`,
  };
}

/** Equal chunks, of which none should take longer than a submit may. No sum depends on it. */
function chunkOf({ forward, backward }: MachineCost, { time, training, target }: MachineOptions): number {
  const { budget = Number.POSITIVE_INFINITY } = target;
  const fits = Math.floor((1000 * budget) / Math.max(forward, training ? backward : 0));
  const longest = Math.min(LONGEST_CHUNK, Math.max(1, fits));
  return Math.ceil(time / Math.ceil(time / longest));
}

function step(options: MachineOptions, why: string): MachinePlan {
  const plan = steps(options, 1);
  return { ...plan, machine: "step", why: `step${inTurn(options)}${productsOf(plan.flags, options)}: ${why}` };
}

/** The step machine over all layers. */
function wavefront(options: MachineOptions, why: string): MachinePlan {
  const { layers = 1 } = options;
  const plan = steps(options, layers);
  const named = `step, wavefront of ${layers} layers${productsOf(plan.flags, options)}`;
  return { ...plan, machine: "wavefront", why: `${named}: ${why}` };
}

/** @param layers that share a dispatch */
function steps(options: MachineOptions, layers: number): Omit<MachinePlan, "machine" | "why"> {
  const { batch, hidden, out, target } = options;
  const parts = options.directions * layers;
  const split = splitStep(options);
  const [lanes, units] = target.software ? [16, MOST_UNITS] : [split ?? 64, 1];
  const quads = Math.ceil(batch / ROWS);
  const over = (width: number): Workgroups => [Math.ceil(width / (split ? STEP_TILE : lanes * units)), quads, parts];
  const [blocks] = over(hidden);
  const oneRow = batch === 1;
  const spread = { workgroups: blocks * quads * parts, rowQuads: 1, blocks, oneRow, layers, stationary: false };
  return {
    flags: { STAGED: false, ONE_ROW: oneRow, QUADS: false, SPLIT_K: split !== undefined, STATIONARY: false },
    tile: { LANES: lanes, UNITS: units },
    rowQuads: 1,
    workgroups: over(hidden),
    secondWorkgroups: over(out),
    rowsTile: rowsTileOf(options),
    rowsWorkgroups: [quads, 1, parts],
    rests: false,
    chunk: 1,
    cost: machineCost("step", options, spread),
  };
}

/** What is expected is that of all of them. */
const inTurn = ({ layers = 1 }: MachineOptions): string => (layers > 1 ? `, ${layers} layers in turn` : "");

function productsOf({ SPLIT_K, STATIONARY }: Flags, { half }: MachineOptions): string {
  const split = SPLIT_K ? ", split over k" : "";
  const places = [...(half ? ["float16"] : []), ...(STATIONARY ? ["registers"] : [])];
  return places.length > 0 ? `${split}, recurrent weights in ${places.join(" and ")}` : split;
}

const widthOf = ({ hidden, out }: MachineOptions): number => Math.max(hidden, out);

/** As many as leave no core idle: the more rows a workgroup has, the more multiply-adds a weight serves once it is loaded. */
function rowQuadsOf({ batch, directions, target: { cores = Number.POSITIVE_INFINITY } }: MachineOptions): number {
  const quads = Math.ceil(batch / ROWS);
  return Math.min(Math.max(Math.ceil((quads * directions) / cores), 1), quads, MOST_ROW_QUADS);
}

/** A tile of which one workgroup covers all units. */
function rowsTileOf(options: MachineOptions): Tile {
  const units = unitsOf(widthOf(options), options.target);
  const lanes = Math.max(Math.ceil(widthOf(options) / units), options.wholeRows ? ROWS : 1);
  return { LANES: quadsOf(options.target) ? Math.ceil(lanes / ROWS) * ROWS : lanes, UNITS: units };
}

/**
 * Units of an invocation of the scan. A GPU hides the time of loads behind many invocations; on the CPU fewer loads
 * for each product are all that counts.
 */
function unitsOf(width: number, { invocations, software }: Target): number {
  if (software || width > 2 * invocations) return MOST_UNITS;
  return width > invocations ? 2 : 1;
}

/**
 * The larger need of workgroup memory: backward the gates of each row and unit, forward their old h and their new; and
 * a quad of sums for each invocation where rows are normalised.
 */
function stagedBytes(options: MachineOptions): number {
  const { hidden, gates, wholeRows } = options;
  const sums = wholeRows ? rowsTileOf(options).LANES * ROWS * 4 : 0;
  return hidden * ROWS * 4 * Math.max(gatePitch(gates), 2) + sums;
}
