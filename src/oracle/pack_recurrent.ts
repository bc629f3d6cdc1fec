import { PackedWeights } from "./packed-weights.ts";
import type { Call, Twin } from "./twin.ts";

export const packRecurrent: Twin = ({ buffers, dims, workgroups, ...variant }) => {
  const { source_part: sourcePart, packed_part: packedPart } = dims as Record<string, number>;
  for (let part = 0; part < workgroups[2]; part++) {
    const own = Object.entries(buffers).map(([name, all]) => {
      const distance = name === "forward" || name === "backward" ? packedPart : sourcePart;
      return [name, all.subarray(part * distance)] as const;
    });
    packPart({ buffers: Object.fromEntries(own), dims, workgroups, ...variant });
  }
};

function packPart({ buffers, dims, flags, constants }: Call): void {
  const { weight, shift, peepholes, gain } = buffers;
  const { GATES: gates, PEEPHOLES: peeps = 3 } = constants as Record<string, number>;
  const { units, operands, weight_offset: weightOffset, unit_offset: unitOffset } = dims as Record<string, number>;
  const shape = { half: flags.HALF === true, gates, count: operands * units };
  const forward = new PackedWeights(buffers.forward, shape);
  const backward = flags.BACKWARD ? new PackedWeights(buffers.backward, shape) : undefined;
  for (let g = 0; g < gates; g++) {
    for (let u = 0; u < units; u++) {
      for (let k = 0; k < operands; k++) {
        const value = weight[weightOffset + (g * units + u) * operands + k] as number;
        forward.putWeight(k * units + u, g, value);
        backward?.putWeight(u * operands + k, g, value);
      }
      const at = unitOffset + g * units + u;
      const rows = [shift?.[at] ?? 0, peepholeOf(g, u), gain?.[at] ?? 0];
      rows.forEach((value, row) => {
        forward.putNumber(row * units + u, g, value);
        backward?.putNumber(row * units + u, g, value);
      });
    }
  }

  /** Components of the row are i, f, o; a coupled cell has none for f. */
  function peepholeOf(component: number, unit: number): number {
    if (!peepholes || component > 2 || (component === 1 && peeps === 2)) return 0;
    return peepholes[(component === 2 ? peeps - 1 : component) * units + unit] as number;
  }
}
