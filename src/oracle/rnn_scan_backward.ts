import { RecurrentPass } from "./recurrent.ts";
import type { Twin } from "./twin.ts";

export const rnnScanBackward: Twin = (call) => {
  const { t_begin: begin, t_end: end } = call.dims as { t_begin: number; t_end: number };
  const pass = new RecurrentPass(call);
  for (let t = end - 1; t >= begin; t--) {
    pass.retreat(t);
    pass.addRecurrentGradient(t);
  }
};
