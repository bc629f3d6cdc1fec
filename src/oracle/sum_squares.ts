import { HUGE, SHRINK } from "./huge.ts";
import type { Twin } from "./twin.ts";

/** Both sums whole in the first partial: how workgroups share them out is tiling. */
export const sumSquares: Twin = ({ buffers, dims }) => {
  const { x, partials } = buffers as Record<string, Float64Array>;
  const { length } = dims as { length: number };
  partials.fill(0);
  for (const value of x.subarray(0, length)) {
    if (Math.abs(value) > HUGE) partials[1] += (value * SHRINK) ** 2;
    else partials[0] += value * value;
  }
};
