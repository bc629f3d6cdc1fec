import { type Gpu, openDevice } from "../src/index.ts";
import type { Learner } from "./learner.ts";
import { type Report, train } from "./train.ts";

interface SessionListener extends Report {
  /** Training has begun, has ended, or there is another model. */
  changed(): void;
  failed(error: unknown): void;
}

/** One device, at most one model on it, at most one run of training. */
export class Session {
  readonly #listener: SessionListener;
  #gpu: Promise<Gpu> | undefined;
  #learner: Learner | undefined;
  #stop: AbortController | undefined;
  #run = Promise.resolve();

  constructor(listener: SessionListener) {
    this.#listener = listener;
  }

  get learner(): Learner | undefined {
    return this.#learner;
  }

  get training(): boolean {
    return this.#stop !== undefined;
  }

  /** The device, opened when it is first asked for and again after it was lost; a model on a lost device is lost too. */
  gpu(): Promise<Gpu> {
    this.#gpu ??= openDevice().then((gpu) => {
      gpu.device.lost.then(() => {
        this.#gpu = undefined;
        return this.replace(undefined);
      });
      return gpu;
    });
    this.#gpu.catch(() => {
      this.#gpu = undefined;
    });
    return this.#gpu;
  }

  /** Puts another model in the place of this one, or none. */
  async replace(learner: Learner | undefined): Promise<void> {
    await this.pause();
    this.#learner?.dispose();
    this.#learner = learner;
    this.#listener.changed();
  }

  /** Begins to train, or goes on. */
  start(): void {
    const learner = this.#learner;
    if (!learner || this.#stop) return;
    const stop = new AbortController();
    this.#stop = stop;
    this.#run = train(learner, stop.signal, this.#listener)
      .catch((error) => this.#listener.failed(error))
      .finally(() => {
        this.#stop = undefined;
        this.#listener.changed();
      });
    this.#listener.changed();
  }

  /** Resolves when the last step has been played. */
  async pause(): Promise<void> {
    this.#stop?.abort();
    await this.#run;
  }

  /** Does something with the model while no step is played; goes on afterwards if it was training. */
  async between(work: (learner: Learner) => Promise<void>): Promise<void> {
    const { training } = this;
    await this.pause();
    if (this.#learner) await work(this.#learner);
    if (training) this.start();
  }
}
