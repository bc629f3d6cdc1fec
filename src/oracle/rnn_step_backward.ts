import { RecurrentPass } from "./recurrent.ts";
import type { Twin } from "./twin.ts";

export const rnnStepBackward: Twin = (call) => {
  const { t, time } = call.dims as { t: number; time: number };
  const pass = new RecurrentPass(call);
  if (t < time) pass.addRecurrentGradient(t);
  if (t > 0) pass.retreat(t - 1);
};
