import { packRecurrent as kernel } from "../../src/kernels.ts";
import { gatePitch } from "../../src/ops/cells.ts";
import { packRecurrent as twin } from "../../src/oracle/pack_recurrent.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";

/** Every element another number, so that none can stand in another's place. */
const distinct = (length: number, first: number): Float32Array => Float32Array.from({ length }, (_, i) => first + i);

const sizes = [1, 3, 4].flatMap((gates) => [1, 5, 16].map((hidden) => ({ gates, hidden })));

export const cases: GpuCase[] = sizes.flatMap(({ gates, hidden }) =>
  [false, true].map(
    (backward) =>
      ({
        name: `G ${gates}, H ${hidden}${backward ? ", with the pack of the backward pass" : ""}`,
        run: async (gpu) => {
          const pitch = gatePitch(gates);
          await checkDispatch(gpu, {
            variant: { kernel, flags: { BACKWARD: backward }, constants: { GATES: gates, PITCH: pitch } },
            twin,
            dims: { hidden },
            buffers: {
              weight_hh: distinct(gates * hidden * hidden, 1),
              bias_hh: distinct(gates * hidden, -gates * hidden),
              forward: new Float32Array(pitch * (hidden + 1) * hidden),
              ...(backward ? { backward: new Float32Array(pitch * hidden * hidden) } : {}),
            },
            workgroups: [2, 1, 1],
            tolerance: { forward: 0, backward: 0 },
          });
        },
      }) satisfies GpuCase,
  ),
);
