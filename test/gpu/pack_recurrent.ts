import { packRecurrent as kernel } from "../../src/kernels.ts";
import { lstmCell } from "../../src/ops/cells.ts";
import { packRecurrent as twin } from "../../src/oracle/pack_recurrent.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";

const GATES = 4; // G

/** Every element another number, so that none can stand in another's place. */
const distinct = (length: number, first: number): Float32Array => Float32Array.from({ length }, (_, i) => first + i);

export const cases: GpuCase[] = [1, 5, 16].flatMap((hidden) =>
  [false, true].map(
    (backward) =>
      ({
        name: `H ${hidden}${backward ? ", with the pack of the backward pass" : ""}`,
        run: async (gpu) => {
          const weights = GATES * hidden * hidden;
          await checkDispatch(gpu, {
            variant: { kernel, cell: lstmCell, flags: { BACKWARD: backward } },
            twin,
            dims: { hidden },
            buffers: {
              weight_hh: distinct(weights, 1),
              bias_hh: distinct(GATES * hidden, -GATES * hidden),
              forward: new Float32Array(weights + GATES * hidden),
              ...(backward ? { backward: new Float32Array(weights) } : {}),
            },
            workgroups: [2, 1, 1],
            tolerance: { forward: 0, backward: 0 },
          });
        },
      }) satisfies GpuCase,
  ),
);
