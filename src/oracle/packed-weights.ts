import { halfToNumber, numberToHalf } from "../half.ts";
import { gatePitch } from "../ops/cells.ts";

interface PackedShape {
  /** Weights are float16, two to a word, and the numbers behind them float32 by their bits. */
  readonly half: boolean;
  readonly gates: number;
  /** Weights of each gate. */
  readonly count: number;
  /** Where the first lies, counted in weights of all gates. Default 0. */
  readonly at?: number;
}

/** A packed copy of the weights of a product and the rows behind it; see `shaders/pack_recurrent.wgsl`. */
export class PackedWeights {
  readonly #words: Float64Array | Uint32Array;
  readonly #half: boolean;
  readonly #pitch: number;
  /** Where the rows begin. */
  readonly #rows: number;

  constructor(buffer: Float64Array | Uint32Array, { half, gates, count, at = 0 }: PackedShape) {
    this.#half = half;
    this.#pitch = gatePitch(gates);
    this.#words = buffer.subarray((at * this.#pitch) / (half ? 2 : 1));
    this.#rows = (half ? Math.ceil(count / 2) : count) * this.#pitch;
  }

  weight(at: number, gate: number): number {
    const place = at * this.#pitch + gate;
    if (!this.#half) return this.#words[place] as number;
    const word = this.#words[place >> 1] as number;
    return halfToNumber(place % 2 === 0 ? word & 0xffff : word >>> 16);
  }

  putWeight(at: number, gate: number, value: number): void {
    const place = at * this.#pitch + gate;
    if (!this.#half) {
      this.#words[place] = value;
      return;
    }
    const word = this.#words[place >> 1] as number;
    const bits = numberToHalf(value);
    this.#words[place >> 1] = (place % 2 === 0 ? (word & 0xffff0000) | bits : (word & 0xffff) | (bits << 16)) >>> 0;
  }

  /** Of the rows behind the weights. */
  number(at: number, gate: number): number {
    const word = this.#words[this.#rows + at * this.#pitch + gate] as number;
    return this.#half ? (new Float32Array(Uint32Array.of(word).buffer)[0] as number) : word;
  }

  putNumber(at: number, gate: number, value: number): void {
    const word = this.#half ? (new Uint32Array(Float32Array.of(value).buffer)[0] as number) : value;
    this.#words[this.#rows + at * this.#pitch + gate] = word;
  }
}
