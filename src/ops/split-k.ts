import { gatePitch } from "./cells.ts";
import type { MachineOptions } from "./machine-options.ts";

/** How the invocations of a workgroup share out the products of a scan; see `shaders/shared/split_k_forward.wgsl`. */
export interface SplitK {
  /** Invocations of a workgroup. */
  readonly lanes: number;
  /** Each keeps its weights in registers. */
  readonly stationary: boolean;
}

/** Batch rows of a workgroup. */
const ROWS = 4;

/** Weights of a unit, all gates each, that an invocation can keep: 64 registers with four gates. */
const KEPT = 16;

/** Numbers that a workgroup keeps at most: a quarter of the registers of a GPU's core, of which sums take as much again. */
const MOST_KEPT = 16_384;

/** Units that share an invocation on the way back. */
const PAIR = 2;

/**
 * Gives a unit as many invocations as a workgroup holds, down to 16 weights each, which may then stay. That serves one row
 * as it does four, so that it does not depend on the batch, nor do sums.
 * @returns nothing where a unit would have one invocation, which reads all its weights at each step
 */
export function splitK(options: MachineOptions): SplitK | undefined {
  const { hidden, out, gates, twoStages, wholeRows, diagonal, target } = options;
  if (target.software || twoStages || wholeRows || diagonal) return;
  const keepable = hidden * out * gates <= MOST_KEPT;
  for (let depth = KEPT; depth === KEPT || depth < out; depth += 4) {
    const lanes = Math.max(Math.ceil(out / depth) * hidden, Math.ceil(hidden / (depth / PAIR)) * Math.ceil(out / PAIR));
    const stationary = keepable && depth === KEPT;
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
