import { STEP } from "../control.ts";
import { threefry, uniformFrom } from "../random.ts";
import type { Twin } from "./twin.ts";

export const drawMask: Twin = ({ buffers, dims }) => {
  const { first, length, probability, scale, seed, stream } = dims as Record<string, number>;
  const step = (buffers.counters as Uint32Array)[STEP];
  const threshold = Math.fround(probability); // a draw may equal it, so that its rounding matters
  for (let i = 0; i < length; i++) {
    const bits = threefry(seed, stream, step, Math.floor(i / 2))[i % 2] as number;
    buffers.out[first + i] = uniformFrom(bits) < threshold ? 0 : scale;
  }
};
