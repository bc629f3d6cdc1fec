import { packRecurrent } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { alignUp, type Tensor } from "../tensor.ts";
import type { Cell } from "./cells.ts";
import { biasGradient } from "./column-sum.ts";
import { elementwise } from "./elementwise.ts";
import { inputGradient, weightGradient } from "./linear.ts";
import { chooseMachine, type Machine } from "./machine.ts";
import { product } from "./matmul.ts";
import { recordBackward, recordForward } from "./recurrence.ts";

export interface RecurrentWeights {
  readonly weightIh: Tensor; // [G·H, I]
  readonly weightHh: Tensor; // [G·H, H]
  readonly biasIh: Tensor; // [G·H]
  readonly biasHh: Tensor; // [G·H]
}

export interface RecurrentLayer {
  readonly cell: Cell;
  readonly x: Tensor; // [T, B, I]
  /** What the layer carries from run to run: initial states before, final states after. */
  readonly state: Tensor; // [S, B, H]
  readonly weights: RecurrentWeights;
  readonly machine: Machine | undefined;
}

/**
 * One recurrent layer in one direction. Forward: one product for all W·x, then the recurrence. Backward: the recurrence
 * in reverse turns the saved gates into their gradients, then one product each gives dW, dR and dx for all time steps.
 * @returns the outputs h [T, B, H]
 */
export function recurrent(recorder: Recorder, layer: RecurrentLayer): Tensor {
  const { cell, x, weights, state } = layer;
  const [time, batch, inputs] = x.shape as [number, number, number];
  const hidden = weights.weightHh.shape[1] as number;
  const rows = time * batch;
  const columns = cell.gates * hidden;
  const machine = chooseMachine({
    batch,
    time,
    hidden,
    gates: cell.gates,
    target: recorder.target,
    wanted: layer.machine,
  });
  const packed = pack(recorder, layer, hidden);

  // Row 0 of the states is the initial one; padding in front of it lets row 1, the first output, start aligned.
  const lead = alignUp(batch * hidden) - batch * hidden;
  const plane = alignUp(lead + (time + 1) * batch * hidden);
  const states = recorder.scratch("states", [cell.states, plane]);
  const gates = recorder.scratch("gates", [time, batch, columns]);
  const y: Tensor = {
    ...states,
    name: `${states.name}.h`,
    shape: [time, batch, hidden],
    offset: lead + batch * hidden,
  };
  const stepProduct = batch * hidden * columns;
  const pass = { recorder, cell, machine, dims: { batch, time, lead, plane }, stepProduct };

  const { weightIh, weightHh, biasIh, biasHh } = weights;
  const input = { a: x, b: weightIh, transposeB: true, bias: biasIh, c: gates, m: rows, n: columns, k: inputs };
  product(recorder, { label: "input_product", ...input });
  recordForward(pass, { recurrent: packed.forward, gates, states, state });
  recorder.onBackward(() => {
    const dstate = recorder.zeros("dstate", state.shape);
    recordBackward(pass, { recurrent: packed.backward, gates, states, dh: recorder.gradient(y), dstate });
    const dgates = gates; // the recurrence has left the gradients where the gates were
    inputGradient(recorder, { x, dy: dgates, weight: weightIh });
    weightGradient(recorder, { x, dy: dgates, weight: weightIh });
    weightGradient(recorder, { x: states, xOffset: lead, dy: dgates, weight: weightHh });
    biasGradient(recorder, dgates, biasIh, biasHh);
  });
  return y;
}

/** Lays the recurrent weights out for the machines, once a pass; the backward copy in training only. */
function pack(recorder: Recorder, { cell, weights }: RecurrentLayer, hidden: number) {
  return recorder.prepare(() => {
    const forward = recorder.scratch("packed_forward", [hidden + 1, hidden, cell.gates]);
    const backward = recorder.scratch("packed_backward", [hidden, hidden, cell.gates]);
    recorder.dispatch({
      label: "pack",
      variant: { kernel: packRecurrent, cell, flags: { BACKWARD: recorder.training } },
      bindings: {
        weight_hh: weights.weightHh,
        bias_hh: weights.biasHh,
        forward,
        ...(recorder.training ? { backward } : {}),
      },
      dims: { hidden },
      workgroups: elementwise((hidden + 1) * hidden),
    });
    return { forward, backward };
  });
}
