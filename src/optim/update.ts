import { accumulate as accumulateKernel } from "../kernels.ts";
import { type ParameterLayout, twinSlab } from "../nn/parameters.ts";
import { clipGradients } from "../ops/clip.ts";
import { elementwise } from "../ops/elementwise.ts";
import type { Recorder } from "../plan/recorder.ts";
import { sizeOf, type Tensor, whole } from "../tensor.ts";
import { stretchOf, trainable } from "./freeze.ts";
import type { Optimizer } from "./optimizer.ts";

/** How gradients become new parameters. */
export interface UpdateOptions {
  readonly optimizer: Optimizer;
  /** Largest norm of all gradients together; 0, the default, for no clipping. */
  readonly clipNorm?: number;
  /** Largest element of a gradient, bounded after the norm; 0, the default, for no clipping. */
  readonly clipValue?: number;
  /** Steps that share an update. Default 1. */
  readonly accumulate?: number;
  /** What {@link trainable} leaves out. Default nothing. */
  readonly freeze?: readonly string[];
}

/** Whole slabs, and what steers the update. */
export interface UpdateSlabs {
  readonly gradients: Tensor;
  /** As {@link momentSlabs} makes them. */
  readonly moments: Readonly<Record<string, Tensor>>;
  readonly control: Tensor;
  readonly counters: Tensor;
  readonly losses: Tensor;
  readonly rates?: Tensor | undefined;
}

/** The gradients of the steps since the last update, among the moments. */
const ACCUMULATED = "accumulated";

/** The slabs that an update keeps from step to step. */
export function momentSlabs(layout: ParameterLayout, { optimizer, accumulate = 1 }: UpdateOptions) {
  const names = accumulate === 1 ? optimizer.moments : [...optimizer.moments, ACCUMULATED];
  return Object.fromEntries(names.map((name): [string, Tensor] => [name, whole(twinSlab(layout, name))]));
}

/** Moments that do not start from zero, with what they hold before the first update. */
export const initialMoments = ({ initial = {} }: Optimizer, moments: UpdateSlabs["moments"]) =>
  Object.entries(initial).map(([name, value]): [Tensor, Float32Array] => {
    const moment = moments[name] as Tensor;
    return [moment, new Float32Array(sizeOf(moment.shape)).fill(value)];
  });

/**
 * Records what follows the backward pass: norm, clipping, update. One dispatch each where no parameter is frozen, else
 * one for each stretch between frozen ones.
 * @throws WebgpuRnnError when `freeze` names no parameter or leaves none
 */
export function recordUpdate(
  recorder: Recorder,
  layout: ParameterLayout,
  { gradients, moments, control, counters, losses, rates }: UpdateSlabs,
  { optimizer, clipNorm = 0, clipValue = 0, accumulate = 1, freeze = [] }: UpdateOptions,
): void {
  const stretches = trainable(layout, freeze);
  const { [ACCUMULATED]: total = gradients, ...kept } = moments;
  if (total !== gradients) {
    for (const stretch of stretches) {
      recorder.dispatch({
        label: "accumulate",
        variant: { kernel: accumulateKernel },
        bindings: { gradients: stretchOf(gradients, stretch), total: stretchOf(total, stretch), counters },
        dims: { length: stretch.length, steps: accumulate },
        workgroups: elementwise(stretch.length / 4),
      });
    }
  }
  const counted = stretches.map((stretch) => stretchOf(total, stretch));
  const { betas } = optimizer;
  const clipping = { maxNorm: clipNorm, maxValue: clipValue, accumulate, betas };
  clipGradients(recorder, { gradients: counted, control, counters, losses, rates }, clipping);
  for (const stretch of stretches) {
    const parts = Object.entries(kept).map(([name, slab]) => [name, stretchOf(slab, stretch)]);
    optimizer.record(recorder, {
      parameters: stretchOf(whole(layout.slab), stretch),
      gradients: stretchOf(total, stretch),
      moments: Object.fromEntries(parts),
      control,
      counters,
    });
  }
}
