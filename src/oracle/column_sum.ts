import type { Twin } from "./twin.ts";

export const columnSum: Twin = ({ buffers, dims, flags }) => {
  const { a, out, out2 } = buffers as Record<string, Float64Array>;
  const { m, n } = dims as Record<string, number>;
  for (let column = 0; column < n; column++) {
    let sum = 0;
    for (let row = 0; row < m; row++) sum += a[row * n + column];
    out[column] = sum;
    if (flags.PAIR) out2[column] = sum;
  }
};
