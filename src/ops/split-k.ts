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

/** A CPU computes all the time; what waits for whole rows is left as it is. */
const splits = ({ wholeRows, diagonal, target }: MachineOptions): boolean =>
  !(target.software || wholeRows || diagonal);

/**
 * Gives a unit as many invocations as a workgroup holds, until each has no more weights than it can keep; those of a second
 * stage stream past. That serves one row as it does four, so that it does not depend on the batch, nor do sums.
 * @returns nothing where a unit would have one invocation, which reads all its weights at each step
 */
export function splitScan(options: MachineOptions): SplitScan | undefined {
  if (!splits(options)) return;
  const { hidden, out, gates, target } = options;
  const kept = keptOf(gates);
  const keepable = hidden * out * gates <= MOST_KEPT;
  for (let depth = kept; depth === kept || depth < out; depth += 4) {
    const back = Math.ceil(hidden / (depth / PAIR)) * Math.ceil(out / PAIR);
    const lanes = Math.max(Math.ceil(out / depth) * hidden, back, out);
    const stationary = keepable && depth === kept;
    if (lanes > target.invocations || bytesOf(options, lanes) > target.storage) continue;
    if (stationary || depth < out) return { lanes, stationary };
  }
  return undefined;
}

/** Workgroup memory of the way that needs more: what products read, and their sums. */
function bytesOf({ hidden, out, gates, twoStages }: MachineOptions, lanes: number): number {
  const pitch = gatePitch(gates);
  const forward = productBytes(lanes / hidden, 4, out, 1, hidden * pitch);
  const backward = productBytes(lanes / Math.ceil(out / PAIR), 4, hidden, pitch, out);
  if (!twoStages) return Math.max(forward, backward);
  const second = productBytes(lanes / out, 1, hidden, 1, out);
  return Math.max(forward + second, backward + productBytes(lanes / hidden, 1, out, 1, hidden));
}

/**
 * @param share invocations for each sum, of which whole ones are pieces
 * @param steps that a piece takes at a time
 * @param operands that are read, of `each` numbers
 */
function productBytes(share: number, steps: number, operands: number, each: number, sums: number): number {
  const pieces = Math.floor(share);
  const depth = steps * Math.ceil(operands / (steps * pieces));
  return 4 * ROWS * pieces * (depth * each + sums);
}

/**
 * The same for steps: eight invocations for a unit. A workgroup has four rows: with 8 or 16 each weight that is loaded serves
 * more, but on an H200 the fewer workgroups took up to 1.4 times as long (LSTM of 512 and 1,024 units, 64 and 128 rows).
 * @returns invocations of a workgroup, which has {@link STEP_TILE} units; nothing for cells of two stages, and where sums do
 *   not fit into workgroup memory
 */
export function splitStep(options: MachineOptions): number | undefined {
  if (options.twoStages || !splits(options)) return;
  const { gates, target } = options;
  const numbers = Math.max(gatePitch(gates), PAIR); // that an invocation leaves of a row, either way
  const most = Math.min(STEP_LANES, target.invocations, target.storage / (4 * ROWS * numbers));
  const lanes = Math.floor(most / STEP_TILE) * STEP_TILE;
  return lanes > STEP_TILE ? lanes : undefined;
}
