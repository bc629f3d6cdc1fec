import type { Twin } from "./twin.ts";

/** The whole sum in the first partial: how workgroups share it out is tiling. */
export const sumSquares: Twin = ({ buffers, dims }) => {
  const { x, partials } = buffers as Record<string, Float64Array>;
  const { length } = dims as { length: number };
  partials.fill(0);
  partials[0] = x.subarray(0, length).reduce((sum, value) => sum + value * value, 0);
};
