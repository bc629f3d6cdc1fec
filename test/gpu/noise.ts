import { threefry, uniformFrom } from "../../src/random.ts";

/** Random numbers in ±`bound`, the same in every run; each stream has its own. */
export const noise = (length: number, stream: number, bound = 1): Float32Array =>
  Float32Array.from({ length }, (_, i) => bound * (2 * uniformFrom(threefry(stream, 0, i, 0)[0]) - 1));

/** Random whole numbers from 0 to `below` − 1, the same in every run. */
export const randomIds = (length: number, stream: number, below: number): Uint32Array =>
  Uint32Array.from({ length }, (_, i) => threefry(stream, 0, i, 1)[0] % below);
