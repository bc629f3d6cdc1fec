import { STEP } from "../control.ts";
import type { Twin } from "./twin.ts";

export const accumulate: Twin = ({ buffers, dims, flags }) => {
  const { gradients, total } = buffers as Record<string, Float64Array>;
  const { counters } = buffers as { counters: Uint32Array };
  const { length, steps } = dims as Record<string, number>;
  const first = !flags.ADD && counters[STEP] % steps === 0;
  for (let i = 0; i < length; i++) total[i] = first ? gradients[i] : total[i] + gradients[i];
};
