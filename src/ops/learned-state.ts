import { learnedState } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { product } from "./matmul.ts";

export interface LearnedStates {
  /** All that a layer carries, the flags of {@link carried} included. */
  readonly state: Tensor;
  /** Where each state [B, W] lies, and the parameter [W] that it starts from. */
  readonly parts: readonly { readonly first: number; readonly learned: Tensor }[];
  /** Where a flag for each row lies: 0 starts anew, 1 goes on. */
  readonly carried: number;
  readonly batch: number;
}

/** Lets rows that start anew start from learned states; hands over how those learn from the gradient of the state. */
export function learnState(recorder: Recorder, { state, parts, carried, batch }: LearnedStates): void {
  const started = recorder.scratch("started", [batch]);
  parts.forEach(({ first, learned }, i) => {
    recorder.dispatch({
      label: "learned_state",
      variant: { kernel: learnedState, flags: { DONE: i === parts.length - 1 } },
      bindings: { learned, state, started },
      dims: { batch, width: sizeOf(learned.shape), first, carried },
      workgroups: [1, 1, 1],
    });
  });
  recorder.onBackward(() => {
    const dstate = recorder.gradient(state);
    for (const { first, learned } of parts) {
      const { tensor: c, accumulate } = recorder.gradientTarget(learned);
      const n = sizeOf(learned.shape);
      product(recorder, {
        label: "learned_gradient",
        a: started,
        b: dstate,
        bOffset: first,
        c,
        accumulate,
        m: 1,
        n,
        k: batch,
      });
    }
  });
}
