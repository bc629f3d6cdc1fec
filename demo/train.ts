import type { Learner } from "./learner.ts";

/** What a run tells while it goes. */
export interface Report {
  /** The losses of the latest steps, in nats; the last one is that of step `lastStep`. */
  losses(lastStep: number, losses: Float32Array): void;
  heldOut(step: number, loss: number): void;
  /** Characters learned from in a second, since the last call. */
  speed(tokensPerSecond: number): void;
  /** Steps that changed nothing because their loss or gradient was not finite. */
  refused(steps: number): void;
}

/** Milliseconds between looks at the losses, which make the GPU idle for a moment. */
const LOOK_EVERY = 200;
/** Fewer than the 256 losses that a trainer remembers, so that none is missed. */
const LOOK_AFTER_STEPS = 200;
/** Measuring the held-out loss takes at most one part in so many of the time. */
const HELD_OUT_SHARE = 15;
const HELD_OUT_LEAST = 2000;

/**
 * Trains until the signal is given. It waits for the GPU every few steps (`ready`), so the page has its turn in between;
 * while the page is hidden it rests.
 */
export async function train(learner: Learner, signal: AbortSignal, report: Report): Promise<void> {
  let seen = { steps: learner.steps, time: performance.now() };
  let refusedBefore = (await learner.progress()).refused;
  let heldOutDue = 0;

  async function look(): Promise<void> {
    const { steps } = learner;
    const { losses, refused } = await learner.progress();
    const time = performance.now();
    if (steps === seen.steps) return;
    report.losses(steps, losses.slice(-(steps - seen.steps)));
    report.speed((((steps - seen.steps) * learner.shape.batch * learner.shape.time) / (time - seen.time)) * 1000);
    if (refused > refusedBefore) report.refused(refused - refusedBefore);
    refusedBefore = refused;
    seen = { steps, time };
  }

  async function measure(): Promise<void> {
    await look();
    const begin = performance.now();
    report.heldOut(learner.steps, await learner.heldOutLoss());
    const end = performance.now();
    heldOutDue = end + Math.max(HELD_OUT_LEAST, (end - begin) * HELD_OUT_SHARE);
    seen.time = end;
  }

  while (!signal.aborted) {
    if (document.hidden) await shown();
    const now = performance.now();
    if (now >= heldOutDue) await measure();
    else if (now - seen.time >= LOOK_EVERY || learner.steps - seen.steps >= LOOK_AFTER_STEPS) await look();
    learner.step();
    await learner.ready();
  }
  await measure();
}

function shown(): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => resolve(), { once: true });
  });
}
