import { activationForward as kernel } from "../../src/kernels.ts";
import { activationCell } from "../../src/ops/activation.ts";
import { resolveActivation } from "../../src/ops/activations.ts";
import { activationForward as twin } from "../../src/oracle/activation_forward.ts";
import { cellTwin } from "../../src/oracle/cell-twins.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

/** One element; more than the 64 invocations of the one workgroup. */
export const lengths = [1, 64, 130];

export const leaky = activationCell(resolveActivation("leakyRelu", { name: "leakyRelu", alpha: 0.25 }));
export const saturating = activationCell(resolveActivation("tanh", "tanh"));

export const cases: GpuCase[] = [leaky, saturating].flatMap((cell) =>
  lengths.map((length) => ({
    name: `${cell.name} of ${length}`,
    run: async (gpu) => {
      await checkDispatch(gpu, {
        variant: { kernel, cell },
        twin,
        cell: cellTwin(cell),
        dims: { length },
        buffers: { x: noise(length, 1, 3), y: noise(length + 1, 2) },
        workgroups: [1, 1, 1],
        // A product by a power of two is exact; tanh below 1 errs by a few units, at most 8 of 2^-24.
        tolerance: { y: cell === leaky ? 0 : 8 * 2 ** -24 },
      });
    },
  })),
);
