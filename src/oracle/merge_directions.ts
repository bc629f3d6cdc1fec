import type { Twin } from "./twin.ts";

export const mergeDirections: Twin = ({ buffers, dims, flags }) => {
  const { states, mask, out } = buffers;
  const { rows, width, forward, reverse } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const share = flags.MASKED ? (mask[row] as number) : 1;
    for (let unit = 0; unit < width; unit++) {
      const a = states[forward + row * width + unit] as number;
      const b = flags.BOTH ? (states[reverse + row * width + unit] as number) : 0;
      if (flags.CONCAT) {
        out[row * 2 * width + unit] = share * a;
        out[(row * 2 + 1) * width + unit] = share * b;
      } else {
        out[row * width + unit] = share * (flags.MULTIPLY ? a * b : flags.MEAN ? (a + b) / 2 : a + b);
      }
    }
  }
};
