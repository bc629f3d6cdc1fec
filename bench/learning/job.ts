import type { Gpu } from "../../src/gpu/device.ts";
import type { Loss } from "../../src/losses/loss.ts";
import type { Model } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";

/** B rows of one length, as a trainer takes them. */
export interface Rows {
  readonly inputs: readonly ArrayLike<number>[];
  readonly targets: readonly ArrayLike<number>[];
  readonly lengths?: readonly number[];
  readonly start?: boolean;
}

/** One training from one seed, the same for both engines. */
export interface Job {
  readonly model: Model;
  readonly loss: Loss;
  readonly batch: number; // B
  readonly time: number; // T
  readonly learningRate: number; // of Adam
  /** Of the initial weights; the rows are drawn from others. */
  readonly seed: number;
  /** Steps after which the held-out loss is measured, rising. */
  readonly at: readonly number[];
  /** A batch for each step. */
  readonly training: readonly Rows[];
  readonly heldOut: readonly Rows[];
}

/** What an engine made of a job. */
export interface Learned {
  /** Mean loss of the first steps, each before its update. */
  readonly losses: readonly number[];
  /** For each of the steps `at`. */
  readonly heldOut: readonly number[];
}

/** Steps whose losses are compared one by one. */
export const COMPARED = 60;

/** Bounds the gradient's norm in every job. */
export const CLIP_NORM = 1;

/** @returns what was learned, and the weights that it began with */
export async function learn(gpu: Gpu, job: Job): Promise<Learned & { readonly initial: NamedTensors }> {
  const { model, loss, batch, time, learningRate, seed, at, training, heldOut } = job;
  const optimizer = adam({ learningRate });
  const trainer = await createTrainer(gpu, model, { batch, time, loss, optimizer, clipNorm: CLIP_NORM, seed });
  const evaluator = await createEvaluator(gpu, model, { batch, time, loss, from: trainer });
  try {
    const initial = await trainer.weights();
    const measured: number[] = [];
    let losses: readonly number[] = [];
    for (const rows of training) {
      trainer.step(rows);
      await trainer.ready();
      if (trainer.steps === COMPARED) losses = [...(await trainer.progress()).losses];
      if (at.includes(trainer.steps)) measured.push(await evaluator.loss(heldOut));
    }
    return { initial, losses, heldOut: measured };
  } finally {
    evaluator.dispose();
    trainer.dispose();
  }
}
