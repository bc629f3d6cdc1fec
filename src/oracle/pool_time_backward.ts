import type { Twin } from "./twin.ts";

export const poolTimeBackward: Twin = ({ buffers, dims, flags }) => {
  const { dy, saved, mask, dx } = buffers as Record<string, Float64Array>;
  const { time, batch, columns } = dims as Record<string, number>;
  const elements = batch * columns;
  for (let t = 0; t < time; t++) {
    for (let i = 0; i < elements; i++) {
      const left = flags.MASKED ? mask[t * batch + Math.floor(i / columns)] : 1;
      const share = flags.MEAN ? saved[i] * left : saved[i] === t ? 1 : 0;
      dx[t * elements + i] = share * dy[i];
    }
  }
};
