import { APPLIED, CORRECTION1, CORRECTION2, HISTORY, LOSS, NORM, REFUSED, SCALE, STEP } from "../control.ts";
import { SHRINK } from "./huge.ts";
import type { Twin } from "./twin.ts";

export const clip: Twin = ({ buffers, dims }) => {
  const { partials, control, losses } = buffers as Record<string, Float64Array>;
  const counters = buffers.counters as Uint32Array;
  const { partials: count, max_norm: maxNorm, beta1, beta2 } = dims as Record<string, number>;
  const norm = Math.sqrt(
    partials.subarray(0, 2 * count).reduce((sum, part, i) => sum + (i % 2 === 0 ? part : part / SHRINK ** 2), 0),
  );
  const loss = control[LOSS];
  losses[counters[STEP] % HISTORY] = loss;
  counters[STEP] += 1;
  control[NORM] = norm;
  if (Number.isFinite(norm) && Number.isFinite(loss)) {
    control[SCALE] = maxNorm === 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    control[CORRECTION1] = control[CORRECTION1] * beta1 + (1 - beta1);
    control[CORRECTION2] = control[CORRECTION2] * beta2 + (1 - beta2);
    counters[APPLIED] += 1;
  } else {
    control[SCALE] = 0;
    counters[REFUSED] += 1;
  }
};
