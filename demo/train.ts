import type { FitEvent } from "../src/index.ts";
import type { Learner } from "./learner.ts";

/** What a run tells while it goes. */
export interface Report {
  /** What `fit` tells, and the held-out losses between. */
  event(event: FitEvent): void;
  /** Characters learned from in a second, since the last call. */
  speed(tokensPerSecond: number): void;
}

/** Measuring the held-out loss takes at most one part in so many of the time. */
const HELD_OUT_SHARE = 15;
const HELD_OUT_LEAST = 2000;

/**
 * Trains until the signal is given. Between the steps that are told at once it measures now and then, and rests while the
 * page is hidden.
 */
export async function train(learner: Learner, signal: AbortSignal, report: Report): Promise<void> {
  let heldOutDue = 0;
  async function measure(): Promise<void> {
    const begin = performance.now();
    report.event({ kind: "validation", step: learner.steps, loss: await learner.heldOutLoss() });
    const end = performance.now();
    heldOutDue = end + Math.max(HELD_OUT_LEAST, (end - begin) * HELD_OUT_SHARE);
  }

  await measure();
  let seen = { steps: learner.steps, time: performance.now() };
  for await (const event of learner.train(signal)) {
    report.event(event);
    if (event.kind === "stopped" || event.step < learner.steps) continue;
    const tokens = (learner.steps - seen.steps) * learner.shape.batch * learner.shape.time;
    report.speed((tokens / (performance.now() - seen.time)) * 1000);
    if (document.hidden) await shown();
    if (performance.now() >= heldOutDue) await measure();
    seen = { steps: learner.steps, time: performance.now() };
  }
  await measure();
}

function shown(): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(), { once: true });
  });
}
