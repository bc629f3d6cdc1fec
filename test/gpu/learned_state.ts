import { learnedState as kernel } from "../../src/kernels.ts";
import { learnedState as twin } from "../../src/oracle/learned_state.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

/** One element; fewer than a workgroup's 64 rows and elements; more of both. */
const sizes = [
  { batch: 1, width: 1 },
  { batch: 5, width: 7 },
  { batch: 67, width: 3 },
];

export const cases: GpuCase[] = sizes.map(({ batch, width }) => ({
  name: `B ${batch}, W ${width}: rows that start anew start from it, and carry on from now on`,
  run: async (gpu) => {
    const first = 3;
    const carried = first + batch * width + 2;
    const state = noise(carried + batch + 1, 1);
    for (let row = 0; row < batch; row++) state[carried + row] = row % 3 === 1 ? 1 : 0;
    await checkDispatch(gpu, {
      variant: { kernel },
      twin,
      dims: { batch, width, first, carried },
      buffers: { learned: noise(width, 2), state, started: noise(batch, 3) },
      workgroups: [1, 1, 1],
      tolerance: { state: 0, started: 0 },
    });
  },
}));
