import { retreat, unfinish } from "./recurrent-backward.ts";
import { RecurrentBuffers } from "./recurrent-buffers.ts";
import type { Twin } from "./twin.ts";

export const rnnRowsBackward: Twin = (call) => {
  const step = call.dims.begin as number;
  for (let part = 0; part < call.workgroups[2]; part++) {
    const of = new RecurrentBuffers(call, part);
    for (let row = 0; row < of.batch; row++) {
      if (call.flags.SECOND) unfinish(of, step, row);
      else retreat(of, step, row, call.flags.TWO_STAGES ? [...of.tail("dmid", row, of.hidden)] : []);
    }
  }
};
