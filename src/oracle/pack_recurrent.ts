import type { Twin } from "./twin.ts";

export const packRecurrent: Twin = ({ buffers, dims, flags, constants }) => {
  const { weight, shift, peepholes, gain, forward, backward } = buffers;
  const { GATES: gates, PITCH: pitch, PEEPHOLES: peeps = 3 } = constants as Record<string, number>;
  const { units, operands, weight_offset: weightOffset, unit_offset: unitOffset } = dims as Record<string, number>;
  for (let g = 0; g < gates; g++) {
    for (let u = 0; u < units; u++) {
      for (let k = 0; k < operands; k++) {
        const value = weight[weightOffset + (g * units + u) * operands + k];
        forward[(k * units + u) * pitch + g] = value;
        if (flags.BACKWARD) backward[(u * operands + k) * pitch + g] = value;
      }
      const at = unitOffset + g * units + u;
      const rows = [shift?.[at] ?? 0, peepholeOf(g, u), gain?.[at] ?? 0];
      rows.forEach((value, row) => {
        forward[((operands + row) * units + u) * pitch + g] = value;
        if (flags.BACKWARD) backward[((operands + row) * units + u) * pitch + g] = value;
      });
    }
  }

  /** Components of the row are i, f, o; a coupled cell has none for f. */
  function peepholeOf(component: number, unit: number): number {
    if (!peepholes || component > 2 || (component === 1 && peeps === 2)) return 0;
    return peepholes[(component === 2 ? peeps - 1 : component) * units + unit] as number;
  }
};
