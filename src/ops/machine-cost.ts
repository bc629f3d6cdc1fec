import { costsOf } from "../costs.ts";
import { gatePitch } from "./cells.ts";
import type { Machine, MachineOptions } from "./machine.ts";

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
  /** How many share the units of a row. */
  readonly blocks: number;
  readonly oneRow: boolean;
  /** Rows of a workgroup, by four. */
  readonly rowQuads: number;
}

/**
 * The model of both machines. A scan pays for dispatches once, and all weights pass through each of its workgroups in
 * every step; steps pay for a dispatch each, and share the weights among as many workgroups as there are blocks of units.
 */
export function machineCost(machine: Machine, options: MachineOptions, spread: Spread): MachineCost {
  const { hidden, out, gates, twoStages, wholeRows, diagonal, target } = options;
  const { cores, dispatch, start, barrier, gate, [machine]: products } = costsOf(target);
  const { workgroups, blocks, oneRow, rowQuads } = spread;
  const waves = Math.ceil(workgroups / cores);
  const scans = machine === "scan";
  const stops = (twoStages ? 2 : 1) * (wholeRows ? 2 : 1); // where a step waits for all units
  const pitch = target.software ? gates : gatePitch(gates); // a CPU loads number by number, and passes holes over
  const maths = (rowQuads * gate * gates * hidden) / blocks;
  const step = ([base, each]: readonly [number, number]): number => {
    const weights = base + rowQuads * each * pitch + (twoStages ? base + rowQuads * each : 0);
    const loads = (hidden * (diagonal ? 1 : out) * weights) / blocks;
    return waves * (loads + maths + stops * (scans ? barrier : start)) + (scans ? 0 : stops * dispatch);
  };
  return {
    forward: step(oneRow ? products.one : products.four),
    backward: step(oneRow ? products.oneBack : products.fourBack),
    stops,
    once: dispatch, // of a scan; before the steps comes one that begins them
  };
}
