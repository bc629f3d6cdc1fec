import type { Twin } from "./twin.ts";

export const packRecurrent: Twin = ({ buffers, dims, flags, constants }) => {
  const { weight_hh: weight, bias_hh: bias, forward, backward } = buffers;
  const { GATES: gates, PITCH: pitch } = constants as { GATES: number; PITCH: number };
  const hidden = dims.hidden as number;
  for (let g = 0; g < gates; g++) {
    for (let u = 0; u < hidden; u++) {
      for (let k = 0; k < hidden; k++) {
        const value = weight[(g * hidden + u) * hidden + k];
        forward[(k * hidden + u) * pitch + g] = value;
        if (flags.BACKWARD) backward[(u * hidden + k) * pitch + g] = value;
      }
      forward[(hidden * hidden + u) * pitch + g] = bias[g * hidden + u];
    }
  }
};
