import { threefry, uniformFrom } from "../random.ts";

/** Second word of every counter here, so that no bits are shared with weights, dropout or sampling of the same seed. */
const DATA = 0x64617461;

/** Random numbers one after the other, the same bits everywhere for the same seed and stream. */
export class Draws {
  readonly #seed: number;
  readonly #stream: number;
  #drawn = 0;

  /**
   * @param seed a whole number from 0 to 2³² − 1
   * @param stream another whole number from 0 to 2³² − 1: independent numbers under the same seed
   */
  constructor(seed: number, stream = 0) {
    this.#seed = seed;
    this.#stream = stream;
  }

  /** A number in [0, 1) that float32 holds exactly. */
  uniform(): number {
    return uniformFrom(this.#bits()[0]);
  }

  /** A whole number in [0, count), uneven by less than count · 2⁻⁵³. */
  below(count: number): number {
    const [high, low] = this.#bits();
    return Math.floor((high * 2 ** 21 + (low >>> 11)) * 2 ** -53 * count);
  }

  /** A whole number in [least, most]. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  #bits(): [number, number] {
    return threefry(this.#seed, this.#stream, this.#drawn++, DATA);
  }
}
