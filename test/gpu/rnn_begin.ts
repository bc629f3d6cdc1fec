import { rnnBegin as kernel } from "../../src/kernels.ts";
import { rnnBegin as twin } from "../../src/oracle/rnn_begin.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { forwardBuffers, ofEveryCell, passDims } from "./recurrent-pass.ts";

const passes = ofEveryCell([{ batch: 3, time: 2, hidden: 17, units: 1, lanes: 17 }]);

export const cases: GpuCase[] = passes.map((pass) => ({
  name: `${pass.cell.name}: row 0 of each plane becomes the carried state, all else stays`,
  run: async (gpu) => {
    const { state, states } = forwardBuffers(pass);
    const { batch, lead, plane } = passDims(pass);
    await checkDispatch(gpu, {
      variant: { kernel, constants: { STATES: pass.cell.states } },
      twin,
      dims: { elements: batch * pass.hidden, lead, plane },
      buffers: { state, states },
      workgroups: [1, 1, 1],
      tolerance: { states: 0 },
    });
  },
}));
