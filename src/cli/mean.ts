/** A mean that forgets: of about the last `span` values, weighted by how new they are. */
export class RunningMean {
  readonly #keep: number;
  #sum = 0;
  #weight = 0;

  constructor(span: number) {
    this.#keep = 1 - 1 / span;
  }

  /** NaN before the first value. */
  get value(): number {
    return this.#sum / this.#weight;
  }

  add(value: number): void {
    this.#sum = this.#keep * this.#sum + value;
    this.#weight = this.#keep * this.#weight + 1;
  }
}
