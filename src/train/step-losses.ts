import type { Trainer } from "./trainer.ts";

/** Losses are read back once in so many steps, or in so many seconds: far less than the 256 that the device keeps. */
const READ = { steps: 64, seconds: 0.25 };

/** What has become of the steps since the last look. */
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
  #since = now();

  /** @param refused steps that were refused before */
  constructor(trainer: Trainer, refused: number) {
    this.#trainer = trainer;
    this.#before = trainer.steps;
    this.#told = trainer.steps;
    this.#refused = refused;
  }

  /** Steps that were refused, over the whole run. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether enough has happened for a look. The first step is looked at by itself: it compiles, and times nothing. */
  get due(): boolean {
    const fresh = this.#trainer.steps - this.#told;
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
