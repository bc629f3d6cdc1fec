export interface Point {
  step: number;
  /** Nats per character. */
  loss: number;
}

/** More bins than this are merged in pairs: about what a wide screen can show. */
const MOST_BINS = 1024;
/** The share of the run, in bins, over which the smooth line averages. */
const SMOOTHING = 1 / 30;

/** The losses of a run of any length, in memory that stays bounded: means over equal stretches of steps. */
export class History {
  readonly heldOut: Point[] = [];
  #bins: Point[] = [];
  #stepsPerBin = 1;
  #open = { count: 0, sum: 0 };

  add({ step, loss }: Point): void {
    if (!Number.isFinite(loss)) return;
    this.#open.sum += loss;
    this.#open.count += 1;
    if (this.#open.count < this.#stepsPerBin) return;
    this.#bins.push({ step, loss: this.#open.sum / this.#open.count });
    this.#open = { count: 0, sum: 0 };
    if (this.#bins.length >= MOST_BINS) this.#merge();
  }

  /** The mean loss of each stretch of steps, at its last step. */
  get losses(): readonly Point[] {
    return this.#bins;
  }

  /** The last of the smooth losses; undefined before the first. */
  get latest(): number | undefined {
    const near = this.#bins.slice(-1 - this.#reach);
    return near.length > 0 ? near.reduce((sum, { loss }) => sum + loss, 0) / near.length : undefined;
  }

  /** Centred means over a thirtieth of the run, which do not lag behind a falling loss. */
  get smooth(): Point[] {
    const reach = this.#reach;
    const sums = [0];
    for (const { loss } of this.#bins) sums.push((sums.at(-1) as number) + loss);
    return this.#bins.map(({ step }, i) => {
      const [begin, end] = [Math.max(0, i - reach), Math.min(this.#bins.length, i + reach + 1)];
      return { step, loss: ((sums[end] as number) - (sums[begin] as number)) / (end - begin) };
    });
  }

  get #reach(): number {
    return Math.floor((this.#bins.length * SMOOTHING) / 2);
  }

  #merge(): void {
    this.#stepsPerBin *= 2;
    this.#bins = Array.from({ length: this.#bins.length / 2 }, (_, i) => {
      const [first, second] = this.#bins.slice(2 * i, 2 * i + 2) as [Point, Point];
      return { step: second.step, loss: (first.loss + second.loss) / 2 };
    });
  }
}
