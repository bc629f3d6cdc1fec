import type { Twin } from "./twin.ts";

const GATES = 4; // G

export const packRecurrent: Twin = ({ buffers, dims, flags }) => {
  const { weight_hh: weight, bias_hh: bias, forward, backward } = buffers;
  const hidden = dims.hidden as number;
  for (let g = 0; g < GATES; g++) {
    for (let u = 0; u < hidden; u++) {
      for (let k = 0; k < hidden; k++) {
        const value = weight[(g * hidden + u) * hidden + k];
        forward[(k * hidden + u) * GATES + g] = value;
        if (flags.BACKWARD) backward[(u * hidden + k) * GATES + g] = value;
      }
      forward[(hidden * hidden + u) * GATES + g] = bias[g * hidden + u];
    }
  }
};
