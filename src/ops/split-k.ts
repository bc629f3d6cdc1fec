import { costsOf } from "../costs.ts";
import { gatePitch } from "./cells.ts";
import { type MachineOptions, ROWS } from "./machine-options.ts";

/** How the invocations of a workgroup share out the products of a scan; see `shaders/shared/split_k.wgsl`. */
export interface SplitScan {
  /** Invocations of a workgroup. */
  readonly lanes: number;
  /** Each keeps its weights in registers. */
  readonly stationary: boolean;
}

/** Weights of a unit, all gates each, that an invocation can keep: 64 registers with four gates or with two. */
const keptOf = (gates: number): number => (gates > 2 ? 16 : 32);

/** Numbers that a workgroup keeps at most: a quarter of the registers of a GPU's core, of which sums take as much again. */
const MOST_KEPT = 16_384;

/** Units that share an invocation on the way back. */
const PAIR = 2;

/** Units of a workgroup of the step machine, `TILE` in `shaders/shared/split_k_step_forward.wgsl`, and most invocations. */
export const STEP_TILE = 32;
const STEP_LANES = 256;

/** A CPU computes all the time; what has a second stage, or waits for whole rows, is left as it is. */
const splits = ({ twoStages, wholeRows, diagonal, target }: MachineOptions): boolean =>
  !(target.software || twoStages || wholeRows || diagonal);

/**
 * Gives a unit as many invocations as a workgroup holds, until each has no more weights than it can keep. That serves one row
 * as it does four, so that it does not depend on the batch, nor do sums.
 * @returns nothing where a unit would have one invocation, which reads all its weights at each step
 */
export function splitScan(options: MachineOptions): SplitScan | undefined {
  if (!splits(options)) return;
  const { hidden, out, gates, target } = options;
  const kept = keptOf(gates);
  const keepable = hidden * out * gates <= MOST_KEPT;
  for (let depth = kept; depth === kept || depth < out; depth += 4) {
    const lanes = Math.max(Math.ceil(out / depth) * hidden, Math.ceil(hidden / (depth / PAIR)) * Math.ceil(out / PAIR));
    const stationary = keepable && depth === kept;
    if (lanes > target.invocations || bytesOf(options, lanes) > target.storage) continue;
    if (stationary || depth < out) return { lanes, stationary };
  }
  return undefined;
}

/** Workgroup memory of the way that needs more: what products read, and their sums. */
function bytesOf({ hidden, out, gates }: MachineOptions, lanes: number): number {
  const way = (pieces: number, operands: number, read: number, sums: number): number =>
    4 * ROWS * (pieces * 4 * Math.ceil(operands / (4 * pieces)) * read + pieces * sums);
  const pitch = gatePitch(gates);
  const forward = way(Math.floor(lanes / hidden), out, 1, hidden * pitch);
  return Math.max(forward, way(Math.floor(lanes / Math.ceil(out / PAIR)), hidden, pitch, out));
}

/** Workgroups that keep a core of a GPU busy while each waits for memory. */
const PER_CORE = 2;

/** The same of a step; see `shaders/shared/split_k_step_forward.wgsl`. */
interface SplitStep {
  /** Invocations of a workgroup, which has {@link STEP_TILE} units. */
  readonly lanes: number;
  /** Quads of batch rows of a workgroup. */
  readonly rowQuads: number;
}

/**
 * Gives a unit of layers that share a dispatch eight invocations, and a workgroup as many rows as leave no core idle, 16 at
 * most: each weight that is loaded serves them all. No sum depends on how many.
 * @returns nothing where sums do not fit into workgroup memory
 */
export function splitStep(options: MachineOptions, layers: number): SplitStep | undefined {
  if (!splits(options)) return;
  const { batch, hidden, gates, directions, target } = options;
  const numbers = Math.max(gatePitch(gates), PAIR); // that an invocation leaves of a row, either way
  const most = Math.min(STEP_LANES, target.invocations, target.storage / (4 * ROWS * numbers));
  const lanes = Math.floor(most / STEP_TILE) * STEP_TILE;
  if (lanes <= STEP_TILE) return;
  const workgroups = (rowQuads: number): number =>
    Math.ceil(hidden / STEP_TILE) * Math.ceil(batch / (ROWS * rowQuads)) * directions * layers;
  const rowQuads = [4, 2].find((count) => workgroups(count) >= PER_CORE * costsOf(target).cores) ?? 1;
  return { lanes, rowQuads };
}
