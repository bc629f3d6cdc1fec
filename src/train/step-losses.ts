import { IN_FLIGHT } from "./flow.ts";
import type { Trainer } from "./trainer.ts";

/** Losses are told once in so many steps, or in so many seconds: far less than the 256 that the device keeps. */
const READ = { steps: 64, seconds: 0.25 };

/** What has become of the steps since the last time. */
export interface Told {
  /** The first of these steps. */
  readonly first: number;
  /** The loss of each; not finite where a step was refused, be it for its gradient alone. */
  readonly losses: Float32Array;
  /** Updates that changed no weight, one for each step that was refused where steps do not share updates. */
  readonly refused: number;
}

/** Tells the loss of every step of a trainer, without waiting for the device at each. */
export class StepLosses {
  readonly #trainer: Trainer;
  readonly #before: number;
  #told: number;
  #refused: number;
  /** Refused so far, as the device has said without being waited for. */
  #heard: number;
  /** What it is still to say of the latest steps, in their order. */
  readonly #looks: Promise<void>[] = [];
  #since = now();

  /** @param refused steps that were refused before */
  constructor(trainer: Trainer, refused: number) {
    this.#trainer = trainer;
    this.#before = trainer.steps;
    this.#told = trainer.steps;
    this.#refused = refused;
    this.#heard = refused;
  }

  /**
   * To be awaited after each step: resolves as the trainer's `ready` does. What the device says of a step comes with it, so
   * that a refusal is known before more than {@link IN_FLIGHT} - 1 further steps are submitted.
   */
  async submitted(): Promise<void> {
    const look = this.#trainer.progress().then(({ refused }) => {
      this.#heard = Math.max(this.#heard, refused);
    });
    look.catch(() => undefined); // told where it is awaited, if anybody goes on
    this.#looks.push(look);
    await this.#trainer.ready();
    while (this.#looks.length >= IN_FLIGHT) await this.#looks.shift();
  }

  /** Whether enough has happened to tell. The first step is told by itself: it compiles, and times nothing. */
  get due(): boolean {
    const fresh = this.#trainer.steps - this.#told;
    if (this.#heard > this.#refused) return true;
    return this.#told === this.#before || fresh >= READ.steps || now() - this.#since >= READ.seconds;
  }

  /** Waits for the device. */
  async read(): Promise<Told> {
    const { losses, refused } = await this.#trainer.progress();
    const first = this.#told + 1;
    const fresh = losses.slice(losses.length - (this.#trainer.steps - this.#told));
    const told = { first, losses: fresh, refused: refused - this.#refused };
    this.#told = this.#trainer.steps;
    this.#refused = refused;
    this.#since = now();
    return told;
  }
}

const now = (): number => performance.now() / 1000;
