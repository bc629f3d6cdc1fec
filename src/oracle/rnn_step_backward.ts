import { addInputGradient, addRecurrentGradient, retreat, secondGradients, unfinish } from "./recurrent-backward.ts";
import { RecurrentBuffers } from "./recurrent-buffers.ts";
import type { Twin } from "./twin.ts";

export const rnnStepBackward: Twin = (call) => {
  const { SECOND, RAW, TWO_STAGES } = call.flags;
  for (let part = 0; part < call.workgroups[2]; part++) {
    const of = new RecurrentBuffers(call, part);
    const { step } = of;
    if (step < 0 || step > of.time) continue;
    for (let row = 0; row < of.batch; row++) {
      if (SECOND) {
        const dmid = secondGradients(of, of.timeOf(step), row);
        if (RAW) of.tail("dmid", row, of.hidden).set(dmid);
        else retreat(of, step, row, dmid);
        continue;
      }
      if (step < of.time) addRecurrentGradient(of, step, row);
      if (step > 0) addInputGradient(of, step - 1, row);
      if (RAW || step === 0) continue;
      if (TWO_STAGES) unfinish(of, step - 1, row);
      else retreat(of, step - 1, row, []);
    }
  }
};
