import type { Twin } from "./twin.ts";

export const columnSum: Twin = ({ buffers, dims, flags, workgroups }) => {
  const { a, out } = buffers as Record<string, Float64Array>;
  const { m, n, second, a_part: aPart, out_part: outPart } = dims as Record<string, number>;
  for (let part = 0; part < workgroups[2]; part++) {
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let row = 0; row < m; row++) sum += a[part * aPart + row * n + column];
      const at = part * outPart + column;
      out[at] = sum;
      if (flags.PAIR) out[at + second] = sum;
    }
  }
};
