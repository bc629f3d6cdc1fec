import type { Gpu } from "../gpu/device.ts";

/** Submits that may wait on the GPU before a loop pauses: enough to keep it busy, few enough to keep a page alive. */
export const IN_FLIGHT = 3;

/** The share of a submit's budget above which its time says something. */
const SLOW = 0.1;
const LEAST_PACE = 0.01;

/** Counts submits that the GPU has not finished, so that a loop that never reads back does not run away from it. */
export class Flow {
  readonly #gpu: Gpu;
  #pending: Promise<unknown>[] = [];
  #pace = 1;
  #first = true;
  /** When the latest submit that is done was done. */
  #done = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** How much longer than expected the latest submits took. */
  get pace(): number {
    return this.#pace;
  }

  /**
   * To be called after each submit.
   * @param milliseconds that it should take
   */
  submitted(milliseconds: number): void {
    const begin = performance.now();
    const done = this.#gpu.device.queue.onSubmittedWorkDone().catch(() => undefined);
    this.#pending.push(done);
    done.then(() => {
      const now = performance.now();
      if (!this.#first) this.#measured(milliseconds, now - Math.max(begin, this.#done)); // the first may compile
      this.#first = false;
      this.#done = now;
      this.#pending = this.#pending.filter((other) => other !== done);
    });
  }

  #measured(expected: number, milliseconds: number): void {
    const ratio = milliseconds / expected;
    // In a short one waiting counts for more than work.
    const counts = milliseconds > SLOW * this.#gpu.budget ? ratio : Math.min(1, ratio);
    this.#pace = Math.max((this.#pace + counts) / 2, LEAST_PACE);
  }

  /** Resolves while fewer than a few submits are in flight; throws when the device has failed. */
  async ready(): Promise<void> {
    while (this.#pending.length >= IN_FLIGHT) await this.#pending[0];
    this.#gpu.check();
  }
}
