import type { Twin } from "./twin.ts";

export const tanh: Twin = ({ buffers, dims: { length = 0 }, flags }) => {
  const { x, y, dy, dx } = buffers;
  for (let i = 0; i < length; i++) {
    if (flags.BACKWARD) dx[i] = dy[i] * (1 - y[i] ** 2);
    else y[i] = Math.tanh(x[i]);
  }
};
