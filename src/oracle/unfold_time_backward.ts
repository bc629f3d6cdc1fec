import type { Twin } from "./twin.ts";

export const unfoldTimeBackward: Twin = ({ buffers, dims, flags }) => {
  const { dcolumns, mask, dx } = buffers as Record<string, Float64Array>;
  const { time, batch, inputs, taps, dilation, left } = dims as Record<string, number>;
  const step = batch * inputs;
  dx.fill(0, 0, time * step);
  for (let t = 0; t < time; t++) {
    for (let i = 0; i < step; i++) {
      for (let tap = 0; tap < taps; tap++) {
        const from = t + tap * dilation - left;
        if (from < 0 || from >= time) continue;
        if (flags.MASKED && mask[from * batch + Math.floor(i / inputs)] === 0) continue;
        dx[from * step + i] += dcolumns[(t * step + i) * taps + tap];
      }
    }
  }
};
