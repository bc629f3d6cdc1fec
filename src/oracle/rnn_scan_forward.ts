import { RecurrentBuffers } from "./recurrent-buffers.ts";
import { advance, begin, finish, recurrentProducts, secondProducts } from "./recurrent-forward.ts";
import type { Twin } from "./twin.ts";

export const rnnScanForward: Twin = (call) => {
  const { begin: first, end } = call.dims as { begin: number; end: number };
  for (let part = 0; part < call.workgroups[2]; part++) {
    const of = new RecurrentBuffers(call, part);
    if (first === 0) begin(of);
    for (let step = first; step < end; step++) {
      const t = of.timeOf(step);
      for (let row = 0; row < of.batch; row++) {
        advance(of, step, row, recurrentProducts(of, t, row));
        if (call.flags.TWO_STAGES) finish(of, step, row, secondProducts(of, t, row));
      }
    }
  }
};
