/** When something beside training is due: not too often, and never for more than a share of the time. */
export class Occasion {
  readonly #pause: number;
  readonly #share: number;
  readonly #began: number;
  #spent = 0;
  #last: number;

  /**
   * @param pause least time from one to the next, in seconds
   * @param share of all the time since now that they may take together
   * @param now in seconds
   */
  constructor(pause: number, share: number, now: number) {
    this.#pause = pause;
    this.#share = share;
    this.#began = now;
    this.#last = now;
  }

  due(now: number): boolean {
    return now - this.#last >= this.#pause && this.#spent <= this.#share * (now - this.#began);
  }

  /** To be told when one has happened. */
  took(begin: number, end: number): void {
    this.#spent += end - begin;
    this.#last = end;
  }
}
