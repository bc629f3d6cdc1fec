import type { Twin } from "./twin.ts";

export const unfoldTime: Twin = ({ buffers, dims, flags }) => {
  const { x, mask, past, columns } = buffers as Record<string, Float64Array>;
  const { time, batch, inputs, taps, dilation, left } = dims as Record<string, number>;
  const element = (t: number, row: number, input: number): number => {
    if (t < 0) return flags.PAST ? past[(row * left + left + t) * inputs + input] : 0;
    if (t >= time || (flags.MASKED && mask[t * batch + row] === 0)) return 0;
    return x[(t * batch + row) * inputs + input];
  };
  let at = 0;
  for (let t = 0; t < time; t++) {
    for (let row = 0; row < batch; row++) {
      for (let input = 0; input < inputs; input++) {
        for (let tap = 0; tap < taps; tap++) columns[at++] = element(t + tap * dilation - left, row, input);
      }
    }
  }
};
