import type { Twin } from "./twin.ts";

export const gemm: Twin = ({ buffers, dims, flags, workgroups }) => {
  const { a, b, c, bias } = buffers;
  const { m, n, k, a_stride: stride, b_offset: bOffset, c_offset: cOffset } = dims;
  for (let part = 0; part < workgroups[2]; part++) {
    const [aFirst, bFirst, cFirst] = [part * dims.a_part, bOffset + part * dims.b_part, cOffset + part * dims.c_part];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let p = 0; p < k; p++) {
          const x = a[aFirst + (flags.TRANSPOSE_A ? p * stride + i : i * stride + p)];
          const y = b[bFirst + (flags.TRANSPOSE_B ? j * k + p : p * n + j)];
          sum += x * y;
        }
        if (flags.BIAS) sum += bias[j];
        const at = cFirst + i * n + j;
        c[at] = flags.ACCUMULATE ? c[at] + sum : sum;
      }
    }
  }
};
