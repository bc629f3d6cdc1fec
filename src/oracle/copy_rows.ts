import type { Twin } from "./twin.ts";

export const copyRows: Twin = ({ buffers, dims, flags }) => {
  const { x, index, out } = buffers;
  const { rows, columns, x_offset, x_stride, x_rows, out_offset, out_stride } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const source = flags.INDEXED ? (index[row] as number) : row % x_rows;
    for (let column = 0; column < columns; column++) {
      const value = x[x_offset + source * x_stride + column] as number;
      const at = out_offset + row * out_stride + column;
      out[at] = (flags.ACCUMULATE ? (out[at] as number) : 0) + value;
    }
  }
};
