import { activationBackward, activationForward } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import type { ResolvedActivation } from "./activations.ts";
import { type Cell, makeCell } from "./cells.ts";
import { elementwise } from "./elementwise.ts";

/** An Elman cell that takes no h, of which the kernels see its activation alone. */
export function activationCell(activation: ResolvedActivation): Cell {
  return makeCell("", { kind: "rnn", gates: 1, states: 1 }, { f: [activation] });
}

/** y = f(x), element by element. */
export function activate(recorder: Recorder, x: Tensor, activation: ResolvedActivation): Tensor {
  const cell = activationCell(activation);
  const length = sizeOf(x.shape);
  const y = recorder.scratch("output", x.shape);
  const whole = { dims: { length }, workgroups: elementwise(length) };
  recorder.dispatch({
    label: "activation",
    variant: { kernel: activationForward, cell },
    bindings: { x, y },
    ...whole,
  });
  recorder.onBackward(() => {
    if (!recorder.wantsGradient(x)) return;
    recorder.dispatch({
      label: "activation_gradient",
      variant: { kernel: activationBackward, cell },
      bindings: { y, dy: recorder.gradient(y), dx: recorder.gradientTarget(x).tensor },
      ...whole,
    });
  });
  return y;
}
