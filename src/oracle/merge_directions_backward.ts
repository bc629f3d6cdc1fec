import type { Twin } from "./twin.ts";

export const mergeDirectionsBackward: Twin = ({ buffers, dims, flags }) => {
  const { dout, states, mask, dh } = buffers;
  const { rows, width, forward, reverse, part, out_rows, forward_row, reverse_row } = dims as Record<string, number>;
  const columns = flags.CONCAT ? 2 * width : width;
  const fill = (to: number, firstRow: number, side: number, other: number): void => {
    for (let row = 0; row < rows; row++) {
      const outRow = row - firstRow;
      const inside = outRow >= 0 && outRow < out_rows;
      for (let unit = 0; unit < width; unit++) {
        let value = inside ? (dout[outRow * columns + side * width + unit] as number) : 0;
        if (flags.MEAN) value /= 2;
        if (flags.MASKED) value *= mask[row] as number;
        if (flags.MULTIPLY && inside) value *= states[other + outRow * width + unit] as number;
        dh[to + row * width + unit] = value;
      }
    }
  };
  fill(0, forward_row, 0, reverse);
  if (flags.BOTH) fill(part, reverse_row, flags.CONCAT ? 1 : 0, forward);
};
