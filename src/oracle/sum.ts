import type { Twin } from "./twin.ts";

export const sum: Twin = ({ buffers, dims }) => {
  const { x, out } = buffers as Record<string, Float64Array>;
  const { length } = dims as { length: number };
  out[0] = x.subarray(0, length).reduce((total, value) => total + value, 0);
};
