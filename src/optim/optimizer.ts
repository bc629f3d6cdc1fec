import type { Recorder } from "../plan/recorder.ts";
import type { Tensor } from "../tensor.ts";

/** The tensors of one update, whole slabs of equal length, padding included. */
export interface UpdateTensors {
  readonly parameters: Tensor;
  readonly gradients: Tensor;
  /** By the names in {@link Optimizer.moments}. */
  readonly moments: Readonly<Record<string, Tensor>>;
  /** Loss, gradient norm and scale of the step; see `shaders/shared/control.wgsl`. */
  readonly control: Tensor;
}

/** A rule that turns gradients into new parameters: plain values that record one dispatch over whole slabs. */
export interface Optimizer {
  readonly kind: string;
  readonly config: Readonly<Record<string, number>>;
  /** The slabs that it keeps beside the parameters, zero at first. */
  readonly moments: readonly string[];
  /** Decay of Adam's two moments, whose corrections the device keeps; 0 where there is none. */
  readonly betas: readonly [number, number];
  record(recorder: Recorder, tensors: UpdateTensors): void;
}
