import { activationBackward as kernel } from "../../src/kernels.ts";
import { activationBackward as twin } from "../../src/oracle/activation_backward.ts";
import { cellTwin } from "../../src/oracle/cell-twins.ts";
import { leaky, lengths, saturating } from "./activation_forward.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

export const cases: GpuCase[] = [leaky, saturating].flatMap((cell) =>
  lengths.map((length) => ({
    name: `${cell.name} of ${length}`,
    run: async (gpu) => {
      await checkDispatch(gpu, {
        variant: { kernel, cell },
        twin,
        cell: cellTwin(cell),
        dims: { length },
        buffers: { y: noise(length, 1), dy: noise(length, 2), dx: noise(length + 1, 3) },
        workgroups: [1, 1, 1],
        tolerance: { dx: cell === leaky ? 0 : 3 * 2 ** -24 }, // y², 1 - y² and the product with dy below 1 are rounded
      });
    },
  })),
);
