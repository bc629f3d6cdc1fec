import { RecurrentPass } from "./recurrent.ts";
import type { Twin } from "./twin.ts";

export const rnnScanForward: Twin = (call) => {
  const { t_begin: begin, t_end: end } = call.dims as { t_begin: number; t_end: number };
  const pass = new RecurrentPass(call);
  if (begin === 0) pass.begin();
  for (let t = begin; t < end; t++) pass.advance(t);
};
