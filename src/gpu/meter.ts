/** Adds up what dispatches should take, and says where a submit of at most a budget ends. */
export class Meter {
  readonly #budget: number;
  #spent = 0;
  #total = 0;

  /** @param budget milliseconds */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Milliseconds of all dispatches. */
  get total(): number {
    return this.#total;
  }

  /** @returns whether a submit ends before a dispatch that should take so long; one by itself is never cut */
  endsBefore(milliseconds: number): boolean {
    const ends = this.#spent > 0 && this.#spent + milliseconds > this.#budget;
    this.#spent = (ends ? 0 : this.#spent) + milliseconds;
    this.#total += milliseconds;
    return ends;
  }
}
