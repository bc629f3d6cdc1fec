import type { BatchShape } from "../batch/batch.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Memory } from "../gpu/memory.ts";
import type { Loss } from "../losses/loss.ts";
import type { Model } from "../nn/sequential.ts";
import { bytesOf } from "../tensor.ts";
import { RECOMPUTATION_NEEDS } from "./needs.ts";
import type { Recomputation } from "./recomputation.ts";
import { type LargestBatch, largestShape, type Shapes } from "./shapes.ts";
import type { TrainingPlan } from "./training-plan.ts";

/** Records the step of a batch, or of a stretch of one. */
type RecordShape = (shape: BatchShape, beside?: TrainingPlan) => TrainingPlan;

export interface Wanted extends LargestBatch {
  readonly model: Model;
  readonly loss: Loss;
  /** Bytes that a step may take; undefined: no bound. */
  readonly memory: number | undefined;
  /** Whether batches are played as a whole, come what may. */
  readonly whole: boolean;
  /** Makes what records stretches of batches that have so many at most. */
  recordFor(stretches: number): RecordShape;
}

export interface Chosen {
  readonly record: RecordShape;
  /** Of the largest stretch. */
  readonly shape: BatchShape;
  readonly recorded: TrainingPlan;
  /** Makes what plays a step in stretches; undefined: it is played as a whole. */
  readonly recomputation?: (memory: Memory, shapes: Shapes<TrainingPlan>) => Promise<Recomputation>;
}

/**
 * The longest stretch of time, T halved again and again, of which a step stays within the memory and its buffers within
 * what the device takes. Without such a bound on the memory T, if there is none.
 * @throws WebgpuRnnError when no stretch stays within the memory
 */
export async function chooseStretch(gpu: Gpu, wanted: Wanted): Promise<Chosen> {
  const { batch, time, targetTime, loss, memory = Number.POSITIVE_INFINITY, recordFor } = wanted;
  const { limits } = gpu.device;
  const longest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const fits = ({ plan }: TrainingPlan, held = 0): boolean =>
    plan.bytes + held <= memory &&
    [...plan.placement.values()].every((storage) => !storage.scratch || bytesOf(storage) <= longest);
  const record = recordFor(1);
  const shape = largestShape({ batch, time, targetTime }, loss);
  const recorded = record(shape);
  const whole = { record, shape, recorded };
  if (fits(recorded)) return whole;
  const stretches = await import("./shorter-stretch.ts");
  return stretches.shorterStretch(wanted, whole, fits, RECOMPUTATION_NEEDS);
}
