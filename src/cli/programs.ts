import type { Gpu } from "../gpu/device.ts";
import { adam } from "../optim/adam.ts";
import { createTrainer } from "../train/create-trainer.ts";
import { createEvaluator } from "../train/evaluator.ts";
import { createSampler } from "../train/sampler.ts";
import type { Trainer } from "../train/trainer.ts";
import { type Drawing, drawn } from "./drawing.ts";
import type { Run } from "./run.ts";
import type { Aside, TrainingEvent } from "./training-loop.ts";

/** What runs on the device in a training run, all on the same weights. */
export interface Programs {
  readonly trainer: Trainer;
  /** Draws a text; undefined where none is wanted. */
  readonly sample: (() => Promise<TrainingEvent>) | undefined;
  /** Measures the held-out loss on so many batches at most; undefined where no text is held out. */
  readonly validate: ((most: number) => Promise<TrainingEvent>) | undefined;
}

export async function createPrograms(gpu: Gpu, run: Run, drawing: Drawing): Promise<Programs> {
  const { model, heldOut, before } = run;
  const { batch, time, learningRate, clipNorm, seed } = run.options;
  const optimizer = adam({ learningRate });
  const resumed = before && { from: before.weights, resume: before.state };
  const trainer = await createTrainer(gpu, model, { batch, time, optimizer, clipNorm, seed, ...resumed });
  const sampler = await createSampler(gpu, model, { from: trainer });
  const evaluator =
    heldOut && (await createEvaluator(gpu, model, { batch: heldOut.batch, time: heldOut.time, from: trainer }));
  return {
    trainer,
    sample:
      drawing.options.length > 0
        ? async () => ({ kind: "sample", step: trainer.steps, text: await drawn(sampler, drawing) })
        : undefined,
    validate:
      heldOut && evaluator
        ? async (most) => {
            const loss = await evaluator.loss(first(most, heldOut.batches));
            return { kind: "validation", point: { step: trainer.steps, loss } };
          }
        : undefined,
  };
}

/** Held-out batches that a measurement on the way takes at most. */
const FEW = 8;

/** What happens beside training now and then, at a tenth of its time in all. */
export const asides = ({ sample, validate }: Programs): Aside[] => [
  ...(validate ? [{ pause: 3, share: 0.05, run: () => validate(FEW) }] : []),
  ...(sample ? [{ pause: 15, share: 0.05, run: sample }] : []),
];

function* first<Item>(most: number, items: Iterable<Item>): Generator<Item, void, undefined> {
  let taken = 0;
  for (const item of items) {
    if (taken === most) return;
    yield item;
    taken += 1;
  }
}
