import { learnedState } from "../kernels.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { product } from "./matmul.ts";
import { viewOf } from "./recurrent-layout.ts";

interface LearnedStates {
  /** All that a layer carries, flags included. */
  readonly state: Tensor;
  readonly parts: readonly LearnedPart[];
  readonly batch: number;
}

interface LearnedPart {
  /** Where a state [B, W] lies. */
  readonly first: number;
  /** The parameter [W] that it starts from. */
  readonly learned: Tensor;
  /** Where a flag for each row of it lies: 0 starts anew, 1 goes on. */
  readonly carried: number;
}

/** Lets rows that start anew start from learned states; hands over how those learn from the gradient of the state. */
export function learnState(recorder: Recorder, { state, parts, batch }: LearnedStates): void {
  const placed = parts.map((part) => ({ ...part, started: recorder.scratch("started", [batch]) }));
  for (const { first, learned, carried, started } of placed) {
    recorder.dispatch({
      label: "learned_state",
      variant: { kernel: learnedState },
      bindings: { learned, state, started },
      dims: { batch, width: sizeOf(learned.shape), first, carried },
      workgroups: [1, 1, 1],
    });
  }
  recorder.onBackward(() => {
    const dstate = recorder.gradient(state);
    for (const { first, learned, started } of placed) {
      const { tensor: c, accumulate } = recorder.gradientTarget(learned);
      const n = sizeOf(learned.shape);
      product(recorder, {
        label: "learned_gradient",
        a: started,
        b: viewOf(dstate, "learned", first, [batch, n]),
        c,
        accumulate,
        m: 1,
        n,
        k: batch,
      });
    }
  });
}
