import type { BatchShape } from "../batch/batch.ts";
import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Loss } from "../losses/loss.ts";
import type { Model } from "../nn/sequential.ts";
import { bytesOf } from "../tensor.ts";
import { heldBytes, heldTensors } from "./recomputation.ts";
import { type LargestBatch, largestShape } from "./shapes.ts";
import type { TrainingPlan } from "./training-plan.ts";

/** Records the step of a batch, or of a stretch of one. */
type RecordShape = (shape: BatchShape, beside?: TrainingPlan) => TrainingPlan;

interface Wanted extends LargestBatch {
  readonly model: Model;
  readonly loss: Loss;
  /** Bytes that a step may take; undefined: no bound. */
  readonly memory: number | undefined;
  /** Whether batches are played as a whole, come what may. */
  readonly whole: boolean;
  /** Makes what records stretches of batches that have so many at most. */
  recordFor(stretches: number): RecordShape;
}

interface Chosen {
  readonly record: RecordShape;
  /** Of the largest stretch. */
  readonly shape: BatchShape;
  readonly recorded: TrainingPlan;
}

/**
 * The longest stretch of time, T halved again and again, of which a step stays within the memory and its buffers within
 * what the device takes. Without such a bound on the memory T, if there is none.
 * @throws WebgpuRnnError when no stretch stays within the memory
 */
export function chooseStretch(gpu: Gpu, wanted: Wanted): Chosen {
  const { model, loss, batch, time, targetTime, memory = Number.POSITIVE_INFINITY, whole, recordFor } = wanted;
  const { limits } = gpu.device;
  const longest = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  const tryWith = (stretches: number) => {
    const shape = largestShape({ batch, time: Math.ceil(time / stretches), targetTime }, loss);
    const count = Math.ceil(time / shape.time);
    const record = recordFor(count);
    const chosen = { record, shape: { ...shape, weighted: shape.weighted || count > 1 } };
    const recorded = record(chosen.shape);
    const held = count > 1 ? heldBytes(heldTensors(model, loss, wanted, recorded)) : 0;
    const storages = [...recorded.plan.placement.values()];
    const fits = storages.every((storage) => !storage.scratch || bytesOf(storage) <= longest);
    return { chosen: { ...chosen, recorded }, bytes: recorded.plan.bytes + held, fits };
  };
  const first = tryWith(1);
  let least = first.bytes;
  if (first.fits && first.bytes <= memory) return first.chosen;
  for (let stretches = 2; !whole && stretches < 2 * time; stretches *= 2) {
    const { chosen, bytes, fits } = tryWith(stretches);
    if (fits && bytes <= memory) return chosen;
    least = Math.min(least, bytes);
  }
  if (wanted.memory === undefined) return first.chosen;
  const cure = "choose a smaller batch or hidden size";
  throw refuse({ what: "createTrainer: memory", expected: `at least ${least} bytes`, got: String(memory), cure });
}
