import { millisecondsOf } from "../src/cli/timing.ts";
import type { Gpu } from "../src/gpu/device.ts";
import type { Machine } from "../src/ops/machine-options.ts";
import { createTrainer } from "../src/train/create-trainer.ts";
import type { Trainer } from "../src/train/trainer.ts";
import { type Case, characterModel, ids, multiplyAddsOf, TRAINING } from "./cases.ts";
import type { CallCounter, Calls } from "./count-calls.ts";

/** A training step of the character model on one machine. */
export interface TrainingRow {
  readonly machine: Machine;
  readonly milliseconds: number;
  readonly tokensPerSecond: number;
  /** By the multiply-adds that the mathematics asks for: what a plan saves counts in its favour. */
  readonly gigaflops: number;
  /** Of one step after warm-up. */
  readonly calls: Calls;
  /** Device memory of the whole plan. */
  readonly bytes: number;
  /** Of the first steps, before the timed ones. */
  readonly losses: readonly number[];
}

/** Steps whose losses are compared between machines. */
const COMPARED = 5;

export async function benchTraining(
  gpu: Gpu,
  { sizes, machine, counter }: { sizes: Case; machine: Machine; counter: CallCounter },
): Promise<TrainingRow> {
  const { batch, time } = sizes;
  const trainer = await createTrainer(gpu, characterModel(sizes, machine), { batch, time, ...TRAINING });
  try {
    const step = stepper(trainer, sizes);
    for (let i = 1; i < COMPARED; i++) step();
    await trainer.loss();
    const calls = await counter.during(async () => step());
    const losses = [...(await trainer.progress()).losses];
    const milliseconds = await millisecondsOf((times) => async () => {
      for (let i = 0; i < times; i++) {
        step();
        await trainer.ready();
      }
      await gpu.device.queue.onSubmittedWorkDone();
    });
    return {
      machine,
      milliseconds,
      tokensPerSecond: (batch * time * 1000) / milliseconds,
      gigaflops: (2 * multiplyAddsOf(sizes)) / milliseconds / 1e6,
      calls,
      bytes: trainer.plan.bytes,
      losses,
    };
  } finally {
    trainer.dispose();
  }
}

/** Trains on rows that look random; each call goes on where the last one ended. */
export function stepper(trainer: Trainer, { batch, time, vocabulary }: Case): () => void {
  const [inputs, targets] = [0, 1].map((stream) => ids(batch * time, stream, vocabulary)) as [Uint32Array, Uint32Array];
  return () => trainer.step({ inputs, targets, start: trainer.steps === 0 });
}

/** Largest difference of two runs' losses, relative to the second run's. */
export const lossDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((loss, i) => Math.abs(loss - (b[i] ?? Number.NaN)) / Math.abs(b[i] ?? Number.NaN)));
