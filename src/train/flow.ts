import type { Gpu } from "../gpu/device.ts";

/** Submits that may wait on the GPU before a loop pauses: enough to keep it busy, few enough to keep a page alive. */
const IN_FLIGHT = 3;

/** Counts submits that the GPU has not finished, so that a loop that never reads back does not run away from it. */
export class Flow {
  readonly #gpu: Gpu;
  #pending: Promise<unknown>[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** To be called after each submit. */
  submitted(): void {
    const done = this.#gpu.device.queue.onSubmittedWorkDone().catch(() => undefined);
    this.#pending.push(done);
    done.then(() => {
      this.#pending = this.#pending.filter((other) => other !== done);
    });
  }

  /** Resolves while fewer than a few submits are in flight; throws when the device has failed. */
  async ready(): Promise<void> {
    while (this.#pending.length >= IN_FLIGHT) await this.#pending[0];
    this.#gpu.check();
  }
}
