import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";
import { chooseMachine, type MachinePlan } from "./machine.ts";
import type { Machine } from "./machine-options.ts";
import { type RecurrentLayer, type RecurrentOutputs, recurrent } from "./recurrent.ts";
import type { RecurrentWeights } from "./recurrent-weights.ts";

type Apart = "parts" | "wavefront" | "carried" | "machine" | "half";

/** Recurrent layers one on the other that share their options; several only where a wavefront can take them. */
interface RecurrentStack extends Omit<RecurrentLayer, Apart> {
  /** From the lowest up, by direction. */
  readonly layers: readonly (readonly RecurrentWeights[])[];
  /** The machine that is wanted. */
  readonly machine: Machine | undefined;
}

/**
 * Records the layers as a wavefront or in turn, whichever the machine is.
 * @returns the outputs of the top; what is given by part, from the lowest layer up
 */
export function recurrentStack(recorder: Recorder, stack: RecurrentStack): RecurrentOutputs {
  const { layers, ...options } = stack;
  const half = recorder.target.half === true && !stack.cell.diagonal; // which is too short to gain by it
  const machine = machineOf(recorder, stack, half);
  if (machine.machine === "wavefront") {
    const carried = { first: 0, of: layers.length };
    return recurrent(recorder, { ...options, parts: layers.flat(), wavefront: true, carried, machine, half });
  }
  const made: RecurrentOutputs[] = [];
  layers.forEach((parts, i) => {
    const last = i + 1 === layers.length;
    const layer: RecurrentLayer = {
      ...options,
      x: made.at(-1)?.y ?? options.x,
      parts,
      wavefront: false,
      carried: { first: i, of: layers.length },
      zeroPadding: options.zeroPadding && last,
      lastOnly: options.lastOnly && last,
      machine,
      half,
    };
    made.push(recurrent(recorder, layer));
  });
  return {
    y: made.at(-1)?.y as Tensor,
    outputs: made.flatMap(({ outputs }) => outputs),
    gates: made.flatMap(({ gates }) => gates),
  };
}

function machineOf(
  recorder: Recorder,
  { cell, x, hidden, out, layers, layerNorm, machine }: RecurrentStack,
  half: boolean,
): MachinePlan {
  const [time, batch] = x.shape as [number, number];
  return chooseMachine({
    batch,
    time,
    hidden,
    out,
    gates: cell.gates,
    directions: layers[0]?.length ?? 1,
    twoStages: cell.second !== undefined,
    wholeRows: layerNorm,
    diagonal: cell.diagonal === true,
    half,
    layers: layers.length > 1 ? layers.length : undefined,
    training: recorder.training,
    target: recorder.target,
    wanted: machine,
  });
}
