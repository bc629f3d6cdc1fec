import { packRecurrent } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { alignUp, type Tensor } from "../tensor.ts";
import { type Cell, gatePitch } from "./cells.ts";
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
  const y: Tensor = {
    ...states,
    name: `${states.name}.h`,
    shape: [time, batch, hidden],
    offset: lead + batch * hidden,
  };
  const { gates, xGates, rGates } = gateTensors(recorder, cell, [time, batch, columns]);
  const dims = { batch, time, lead, plane, r_gates: rGates.offset };
  const pass = { recorder, cell, machine, dims, stepProduct: batch * hidden * columns };

  const { weightIh, weightHh, biasIh, biasHh } = weights;
  const input = { a: x, b: weightIh, transposeB: true, bias: biasIh, c: xGates, m: rows, n: columns, k: inputs };
  product(recorder, { label: "input_product", ...input });
  recordForward(pass, { recurrent: packed.forward, gates, states, state });
  recorder.onBackward(() => {
    const dstate = recorder.zeros("dstate", state.shape); // the host may add cotangents of the final states
    recorder.setGradient(state, dstate);
    recordBackward(pass, { recurrent: packed.backward, gates, states, dh: recorder.gradient(y), dstate });
    const [dx, dr] = [xGates, rGates]; // the recurrence has left the gradients where the gates were
    inputGradient(recorder, { x, dy: dx, weight: weightIh });
    weightGradient(recorder, { x, dy: dx, weight: weightIh });
    weightGradient(recorder, { x: states, xOffset: lead, dy: dr, weight: weightHh });
    if (cell.flags.SPLIT) {
      biasGradient(recorder, dx, biasIh);
      biasGradient(recorder, dr, biasHh);
    } else {
      biasGradient(recorder, dx, biasIh, biasHh);
    }
  });
  return y;
}

/** The gates of all time steps: x's part and r's, which is the same unless the cell splits them. */
function gateTensors(recorder: Recorder, { flags: { SPLIT } }: Cell, shape: readonly [number, number, number]) {
  const part = alignUp(shape[0] * shape[1] * shape[2]);
  const gates = recorder.scratch("gates", SPLIT ? [2, part] : shape);
  return { gates, xGates: { ...gates, shape }, rGates: { ...gates, shape, offset: SPLIT ? part : 0 } };
}

/** Lays the recurrent weights out for the machines, once a pass; the backward copy in training only. */
function pack(recorder: Recorder, { cell, weights }: RecurrentLayer, hidden: number) {
  const pitch = gatePitch(cell.gates);
  return recorder.prepare(() => {
    const forward = recorder.scratch("packed_forward", [hidden + 1, hidden, pitch]);
    const backward = recorder.scratch("packed_backward", [hidden, hidden, pitch]);
    recorder.dispatch({
      label: "pack",
      variant: {
        kernel: packRecurrent,
        flags: { BACKWARD: recorder.training },
        constants: { GATES: cell.gates, PITCH: pitch },
      },
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
