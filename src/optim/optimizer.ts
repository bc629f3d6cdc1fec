import { refuse } from "../errors.ts";
import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";

/** The tensors of one update, stretches of slabs of equal length, padding included. */
export interface UpdateTensors {
  readonly parameters: Tensor;
  readonly gradients: Tensor;
  /** By the names in {@link Optimizer.moments}. */
  readonly moments: Readonly<Record<string, Tensor>>;
  /** Gradient norm, scale and rate of the step; see `shaders/shared/control.wgsl`. */
  readonly control: Tensor;
  readonly counters: Tensor;
}

/**
 * A rule that turns gradients into new parameters: plain values that record one dispatch over whole slabs. Where
 * float32 would not hold a new parameter or a moment of it, the parameter stays as it was with all its moments; the others
 * move, and the update counts as applied.
 */
export interface Optimizer {
  readonly kind: string;
  readonly config: Readonly<Record<string, number | boolean>>;
  /** The slabs that it keeps beside the parameters. */
  readonly moments: readonly string[];
  /** What a moment holds before the first update, where that is not zero. */
  readonly initial?: Readonly<Record<string, number>>;
  /** Decay of Adam's two moments, whose corrections the device keeps; 0 where there is none. */
  readonly betas: readonly [number, number];
  record(recorder: Recorder, tensors: UpdateTensors): void;
}

/** The smallest normal float32: with no epsilon, a parameter without gradients would divide 0 by 0. */
export const SMALLEST = 2 ** -126;

/** The names of those that are wanted. */
export const chosen = (moments: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(moments).filter((name) => moments[name]);

/** Refuses what records nothing, such as an optimizer that has not been called. */
export function checkOptimizer(what: string, optimizer: Optimizer): void {
  if (typeof optimizer?.record === "function") return;
  throw refuse({ what, expected: "an optimizer such as adam()", got: String(optimizer) });
}
