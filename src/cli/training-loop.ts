import type { StreamBatch } from "../data/streams.ts";
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

/** Losses are read back once in so many steps, or in so many seconds: far less than the 256 that the device keeps. */
const READ = { steps: 64, seconds: 0.25 };

const now = (): number => performance.now() / 1000;

/** Trains until the last step, a step that is refused or a signal. Every step is told of, with its own loss. */
export async function* trainingLoop(options: LoopOptions): AsyncGenerator<TrainingEvent, void, undefined> {
  const { trainer, batches, steps, refusedBefore, counts, signal } = options;
  const asides = options.asides.map((aside) => ({ aside, occasion: new Occasion(aside.pause, aside.share, now()) }));
  const before = trainer.steps;
  let told = before;
  let since = now();
  for (const batch of batches) {
    if (signal.aborted) return;
    trainer.step(batch);
    counts.stepped();
    await trainer.ready();
    const over = trainer.steps >= steps || signal.aborted;
    const warmedUp = told > before;
    if (!over && warmedUp && trainer.steps - told < READ.steps && now() - since < READ.seconds) continue;

    const { losses, refused } = await trainer.progress();
    counts.pause();
    const fresh = losses.slice(told - trainer.steps);
    const tokensPerSecond = (fresh.length * batch.inputs.length) / (now() - since);
    const finite = refused > refusedBefore ? firstRefused(fresh) : fresh.length;
    const begin = told + 1;
    yield {
      kind: "steps",
      steps: Array.from(fresh.subarray(0, finite), (loss, i) => ({ step: begin + i, loss, tokensPerSecond })),
    };
    told = trainer.steps;
    if (refused > refusedBefore) yield { kind: "refused", step: begin + finite };
    if (over || refused > refusedBefore) return;

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

/** A gradient may overflow behind a finite loss; the latest step is then the one to name. */
function firstRefused(losses: Float32Array): number {
  const found = losses.findIndex((loss) => !Number.isFinite(loss));
  return found < 0 ? losses.length - 1 : found;
}
