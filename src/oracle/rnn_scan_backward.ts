import { addRecurrentGradient, retreat, secondGradients, unfinish } from "./recurrent-backward.ts";
import { RecurrentBuffers } from "./recurrent-buffers.ts";
import type { Twin } from "./twin.ts";

export const rnnScanBackward: Twin = (call) => {
  const { begin, end } = call.dims as { begin: number; end: number };
  for (let part = 0; part < call.workgroups[2]; part++) {
    const of = new RecurrentBuffers(call, part);
    for (let step = end - 1; step >= begin; step--) {
      for (let row = 0; row < of.batch; row++) {
        if (call.flags.TWO_STAGES) unfinish(of, step, row);
        retreat(of, step, row, call.flags.TWO_STAGES ? secondGradients(of, of.timeOf(step), row) : []);
        addRecurrentGradient(of, step, row);
      }
    }
  }
};
