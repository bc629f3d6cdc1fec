import type { FitEvent } from "../train/fit-events.ts";
import type { Trainer } from "../train/trainer.ts";
import type { CallCounts } from "./call-counts.ts";
import type { LossPoint } from "./learning-curve.ts";
import { Occasion } from "./occasion.ts";

interface StepRecord extends LossPoint {
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
  /** What `fit` tells of it, up to `steps` or the signal. */
  readonly events: AsyncIterable<FitEvent>;
  /** Ends after this step of the run. */
  readonly steps: number;
  /** Characters of a batch. */
  readonly tokens: number;
  readonly asides: readonly Aside[];
  readonly counts: CallCounts;
  /** Aborted, it ends the loop after the step at hand. */
  readonly signal: AbortSignal;
}

const now = (): number => performance.now() / 1000;

/**
 * Tells what `fit` tells, the steps that it has told at once together, and does other things in between: it goes on only
 * when it is asked to.
 */
export async function* trainingLoop(options: LoopOptions): AsyncGenerator<TrainingEvent, void, undefined> {
  const { trainer, events, steps, tokens, counts, signal } = options;
  const asides = options.asides.map((aside) => ({ aside, occasion: new Occasion(aside.pause, aside.share, now()) }));
  let since = now();
  let sound: LossPoint[] = [];
  let refused: number | undefined;
  for await (const event of events) {
    if (event.kind === "refused") refused ??= event.step;
    else if (event.kind !== "step") continue;
    else if (refused === undefined) sound.push({ step: event.step, loss: event.loss });
    counts.stepped();
    if (event.step < trainer.steps) continue;

    counts.pause();
    const tokensPerSecond = (sound.length * tokens) / (now() - since);
    yield { kind: "steps", steps: sound.map((point) => ({ ...point, tokensPerSecond })) };
    sound = [];
    if (refused !== undefined) return yield { kind: "refused", step: refused };
    if (trainer.steps >= steps || signal.aborted) continue;
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
