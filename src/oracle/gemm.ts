import type { Twin } from "./twin.ts";

export const gemm: Twin = ({ buffers, dims, flags }) => {
  const { a, b, c, bias } = buffers;
  const { m, n, k, a_stride: stride, b_offset: bFirst, c_offset: cFirst } = dims;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) {
        const x = a[flags.TRANSPOSE_A ? p * stride + i : i * stride + p];
        const y = b[bFirst + (flags.TRANSPOSE_B ? j * k + p : p * n + j)];
        sum += x * y;
      }
      if (flags.BIAS) sum += bias[j];
      const at = cFirst + i * n + j;
      c[at] = flags.ACCUMULATE ? c[at] + sum : sum;
    }
  }
};
