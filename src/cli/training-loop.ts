import type { StreamBatch } from "../data/streams.ts";
import { StepLosses } from "../train/step-losses.ts";
import type { Trainer } from "../train/trainer.ts";
import type { CallCounts } from "./call-counts.ts";
import type { LossPoint } from "./learning-curve.ts";
import { Occasion } from "./occasion.ts";

export interface StepRecord extends LossPoint {
  /** Characters learned from in a second, around this step. */
  readonly tokensPerSecond: number;
}

/** What happens in a training run, in order. */
export type TrainingEvent =
  | { readonly kind: "steps"; readonly steps: readonly StepRecord[] }
  | { readonly kind: "validation"; readonly point: LossPoint }
  | { readonly kind: "sample"; readonly step: number; readonly text: string }
  | { readonly kind: "saved" }
  /** A step that changed no weight, because its loss or gradient was not finite; the last event. */
  | { readonly kind: "refused"; readonly step: number };

/** Something that interrupts training now and then. */
export interface Aside {
  /** Least time between two, in seconds. */
  readonly pause: number;
  /** Share of the time that it may take. */
  readonly share: number;
  run(): Promise<TrainingEvent>;
}

export interface LoopOptions {
  readonly trainer: Trainer;
  readonly batches: Iterable<StreamBatch>;
  /** Ends after this step of the run. */
  readonly steps: number;
  /** Refused steps of the run that goes on. */
  readonly refusedBefore: number;
  readonly asides: readonly Aside[];
  readonly counts: CallCounts;
  /** Aborted, it ends the loop after the step at hand. */
  readonly signal: AbortSignal;
}

const now = (): number => performance.now() / 1000;

/** Trains until the last step, a step that is refused or a signal. Every step is told of, with its own loss. */
export async function* trainingLoop(options: LoopOptions): AsyncGenerator<TrainingEvent, void, undefined> {
  const { trainer, batches, steps, refusedBefore, counts, signal } = options;
  const asides = options.asides.map((aside) => ({ aside, occasion: new Occasion(aside.pause, aside.share, now()) }));
  const read = new StepLosses(trainer, refusedBefore);
  let since = now();
  for (const batch of batches) {
    if (signal.aborted) return;
    trainer.step(batch);
    counts.stepped();
    await trainer.ready();
    const over = trainer.steps >= steps || signal.aborted;
    if (!over && !read.due) continue;

    const { first, losses, refused } = await read.read();
    counts.pause();
    const tokens = batch.inputs.reduce((sum, row) => sum + row.length, 0);
    const tokensPerSecond = (losses.length * tokens) / (now() - since);
    const sound = refused === undefined ? losses : losses.subarray(0, refused - first);
    yield { kind: "steps", steps: Array.from(sound, (loss, i) => ({ step: first + i, loss, tokensPerSecond })) };
    if (refused !== undefined) yield { kind: "refused", step: refused };
    if (over || refused !== undefined) return;

    for (const { aside, occasion } of asides) {
      const start = now();
      if (!occasion.due(start)) continue;
      yield await aside.run();
      occasion.took(start, now());
    }
    counts.start();
    since = now();
  }
}
