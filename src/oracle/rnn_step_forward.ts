import { RecurrentBuffers } from "./recurrent-buffers.ts";
import { advance, finish, recurrentProducts, secondProducts, takeInputs } from "./recurrent-forward.ts";
import type { Twin } from "./twin.ts";

export const rnnStepForward: Twin = (call) => {
  const { SECOND, RAW } = call.flags;
  for (let part = 0; part < call.workgroups[2]; part++) {
    const of = new RecurrentBuffers(call, part);
    const { step } = of;
    if (step < 0 || step >= of.time) continue;
    const t = of.timeOf(step);
    for (let row = 0; row < of.batch; row++) {
      takeInputs(of, t, row);
      const products = SECOND ? secondProducts(of, t, row) : recurrentProducts(of, t, row);
      if (RAW) (SECOND ? of.second(t, row) : of.r(t, row)).set(products);
      else if (SECOND) finish(of, step, row, products);
      else advance(of, step, row, products);
    }
  }
};
