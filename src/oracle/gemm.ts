import type { Twin } from "./twin.ts";

export const gemm: Twin = ({ buffers, dims, flags }) => {
  const { a, b, c, bias } = buffers;
  const { m, n, k, b_offset: first } = dims;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const x = a[flags.TRANSPOSE_A ? p * m + i : i * k + p];
        const y = b[first + (flags.TRANSPOSE_B ? j * k + p : p * n + j)];
        sum += x * y;
      }
      if (flags.BIAS) sum += bias[j];
      c[i * n + j] = flags.ACCUMULATE ? c[i * n + j] + sum : sum;
    }
  }
};
