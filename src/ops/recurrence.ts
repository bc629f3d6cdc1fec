import { rnnBegin, rnnScanBackward, rnnScanForward, rnnStepBackward, rnnStepForward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import type { Kernel, Variant } from "../variant.ts";
import type { Cell } from "./cells.ts";
import { elementwise } from "./elementwise.ts";
import type { MachinePlan } from "./machine.ts";

/** What both directions of a recurrence share. */
export interface Pass {
  readonly recorder: Recorder;
  readonly cell: Cell;
  readonly machine: MachinePlan;
  readonly dims: {
    readonly batch: number;
    readonly time: number;
    readonly lead: number;
    readonly plane: number;
    readonly r_gates: number;
  };
  /** Multiply-adds of the recurrent product of one time step. */
  readonly stepProduct: number;
}

/** A recurrent kernel for a cell, with the flags and constants that the machine chose. */
export const variantOf = (
  kernel: Kernel,
  cell: Cell,
  { flags, constants }: Pick<MachinePlan, "flags" | "constants">,
): Variant => ({
  kernel,
  cell,
  flags: { ...flags, ...cell.flags },
  constants: { ...constants, STATES: cell.states },
});

interface ForwardTensors extends Record<string, Tensor> {
  readonly recurrent: Tensor; // [H + 1, H, gatePitch]
  readonly gates: Tensor; // [T, B, G·H], twice if SPLIT
  readonly states: Tensor; // [S, plane]
  readonly state: Tensor; // [S, B, H]
}

/** Takes the pre-activations W·x + b to the saved gates and fills the states. */
export function recordForward({ recorder, cell, machine, dims, stepProduct }: Pass, bindings: ForwardTensors): void {
  const { workgroups, chunk, why: note } = machine;
  if (machine.machine === "scan") {
    const variant = variantOf(rnnScanForward, cell, machine);
    for (let begin = 0; begin < dims.time; begin += chunk) {
      const end = Math.min(begin + chunk, dims.time);
      recorder.dispatch({
        label: "scan_forward",
        variant,
        bindings,
        dims: { ...dims, t_begin: begin, t_end: end },
        workgroups,
        note,
        multiplyAdds: (end - begin) * stepProduct,
      });
    }
    return;
  }
  const { state, states } = bindings;
  const { lead, plane } = dims;
  recorder.dispatch({
    label: "begin",
    variant: { kernel: rnnBegin, constants: { STATES: cell.states } },
    bindings: { state, states },
    dims: { elements: sizeOf(state.shape) / cell.states, lead, plane },
    workgroups: elementwise(sizeOf(state.shape)),
  });
  const variant = variantOf(rnnStepForward, cell, machine);
  for (let t = 0; t < dims.time; t++) {
    const multiplyAdds = stepProduct;
    recorder.dispatch({
      label: "step_forward",
      variant,
      bindings,
      dims: { ...dims, t },
      workgroups,
      note,
      multiplyAdds,
    });
  }
}

interface BackwardTensors extends Record<string, Tensor> {
  readonly recurrent: Tensor; // [H, H, gatePitch]
  readonly gates: Tensor; // [T, B, G·H], twice if SPLIT
  readonly states: Tensor; // [S, plane]
  readonly dh: Tensor; // [T, B, H]
  readonly dstate: Tensor; // [S, B, H]
}

/** Takes the saved gates to the gradients of the pre-activations, and dstate from the final to the initial states. */
export function recordBackward({ recorder, cell, machine, dims, stepProduct }: Pass, bindings: BackwardTensors): void {
  const { workgroups, chunk, why: note } = machine;
  const { time, ...rest } = dims;
  if (machine.machine === "scan") {
    const variant = variantOf(rnnScanBackward, cell, machine);
    for (let begin = Math.floor((time - 1) / chunk) * chunk; begin >= 0; begin -= chunk) {
      const end = Math.min(begin + chunk, time);
      recorder.dispatch({
        label: "scan_backward",
        variant,
        bindings,
        dims: { ...rest, t_begin: begin, t_end: end },
        workgroups,
        note,
        multiplyAdds: (end - begin) * stepProduct,
      });
    }
    return;
  }
  const variant = variantOf(rnnStepBackward, cell, machine);
  for (let t = time; t >= 0; t--) {
    const multiplyAdds = t < time ? stepProduct : 0;
    recorder.dispatch({
      label: "step_backward",
      variant,
      bindings,
      dims: { ...dims, t },
      workgroups,
      note,
      multiplyAdds,
    });
  }
}
