import { RecurrentBuffers } from "./recurrent-buffers.ts";
import { advance, finish } from "./recurrent-forward.ts";
import type { Twin } from "./twin.ts";

export const rnnRowsForward: Twin = (call) => {
  const step = call.dims.begin as number;
  for (let part = 0; part < call.workgroups[2]; part++) {
    const of = new RecurrentBuffers({ ...call, flags: { ...call.flags, LAYER_NORM: true } }, part);
    const t = of.timeOf(step);
    for (let row = 0; row < of.batch; row++) {
      if (call.flags.SECOND) finish(of, step, row, of.second(t, row).slice());
      else advance(of, step, row, of.r(t, row).slice());
    }
  }
};
