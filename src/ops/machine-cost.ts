import { type Costs, costsOf } from "../costs.ts";
import { gatePitch } from "./cells.ts";
import type { MachineOptions } from "./machine-options.ts";

/** What a machine should take, in microseconds. */
export interface MachineCost {
  /** A step of time on the way forward. */
  readonly forward: number;
  /** On the way back. */
  readonly backward: number;
  /** Once for each way, however many steps. */
  readonly once: number;
  /** Dispatches of a step of time where it has its own. */
  readonly stops: number;
}

/** How a machine is spread over workgroups. */
interface Spread {
  /** Workgroups of the first stage. */
  readonly workgroups: number;
  /** Quads of rows of each. */
  readonly rowQuads: number;
  /** How many share the units of a row. */
  readonly blocks: number;
  readonly oneRow: boolean;
  /** Layers that share a dispatch. */
  readonly layers: number;
  /** Weights stay in registers. */
  readonly stationary: boolean;
}

/**
 * What the products of another quad of rows in a workgroup cost, of those of the first, where both share what is loaded:
 * measured on SwiftShader.
 */
const MORE_ROWS = 0.4;

/**
 * The model of both machines. A scan pays for dispatches once, and all weights pass through each of its workgroups in
 * every step; steps pay for a dispatch each, and share the weights among as many workgroups as there are blocks of units.
 * A wavefront pays for a dispatch once for all layers, of which all but one have a second product there, that of W or of Wᵀ;
 * elsewhere it is a product of all steps at once, which is left out here.
 */
export function machineCost(
  machine: keyof Pick<Costs, "scan" | "step">,
  options: MachineOptions,
  spread: Spread,
): MachineCost {
  const { hidden, out, gates, twoStages, wholeRows, diagonal, half, target } = options;
  const { cores, dispatch, start, barrier, gate, [machine]: weights } = costsOf(target);
  const { workgroups, rowQuads, blocks, oneRow, layers, stationary } = spread;
  // A thread plays workgroups one after another; a core of a GPU takes on several at once.
  const turns = (of: number): number => (target.software ? Math.ceil(of / cores) : Math.max(1, of / cores));
  const waves = turns(workgroups);
  const products = layers === 1 ? waves : Math.max(2, turns(workgroups * (2 - 1 / layers)));
  const scans = machine === "scan";
  const stops = (twoStages ? 2 : 1) * (wholeRows ? 2 : 1); // where a step waits for all units
  const pitch = target.software ? gates : gatePitch(gates); // a CPU loads number by number, and passes holes over
  // Of the bytes in float16; four rows' multiply-adds take a core of a GPU half as long as loading. A CPU always computes.
  const share = (half || stationary) && !target.software ? 0.5 : 1;
  const maths = (gate * gates * hidden) / blocks;
  const sharing = 1 + MORE_ROWS * (rowQuads - 1);
  const step = ([base, each]: readonly [number, number], loading: number): number => {
    const second = twoStages ? rowQuads * (base + each) : 0; // loaded for each quad
    const weight = loading * (base + each * pitch) + second;
    const loads = (share * hidden * (diagonal ? 1 : out) * weight) / blocks;
    const work = products * loads + waves * rowQuads * maths;
    return scans ? work + waves * stops * barrier : work + waves * stops * start + stops * dispatch;
  };
  return {
    // Products that are to be normalised are made quad by quad.
    forward: step(oneRow ? weights.one : weights.four, wholeRows ? rowQuads : sharing),
    backward: step(oneRow ? weights.oneBack : weights.fourBack, sharing),
    stops,
    once: dispatch, // of a scan; before the steps comes one that begins them
  };
}
