import type { Twin } from "./twin.ts";

export const columnSum: Twin = ({ buffers, dims, flags, workgroups }) => {
  const { a, out } = buffers as Record<string, Float64Array>;
  const { second, a_part: aPart, out_part: outPart } = dims as Record<string, number>;
  for (let part = 0; part < workgroups[2]; part++) {
    const [m, n, first, outFirst] = flags.UNLIKE
      ? ["m", "n", "a_first", "out_first"].map((name) => dims[`${name}.${"xyzw"[part]}`])
      : [dims.m, dims.n, part * aPart, part * outPart];
    for (let column = 0; column < n; column++) {
      let sum = 0;
      for (let row = 0; row < m; row++) sum += a[first + row * n + column];
      const at = outFirst + column;
      out[at] = sum;
      if (flags.PAIR) out[at + second] = sum;
    }
  }
};
