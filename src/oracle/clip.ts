import {
  APPLIED,
  CORRECTION1,
  CORRECTION2,
  FACTOR,
  HISTORY,
  LIMIT,
  LOSS,
  NORM,
  RATE,
  REFUSED,
  RING,
  SCALE,
  SPOILT,
  STEP,
} from "../control.ts";
import { SHRINK } from "./huge.ts";
import type { Twin } from "./twin.ts";

/** The largest float32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

export const clip: Twin = ({ buffers, dims, flags }) => {
  const { partials, control, losses, rates } = buffers as Record<string, Float64Array>;
  const counters = buffers.counters as Uint32Array;
  const { partials: count, accumulate, max_norm: maxNorm, max_value: maxValue } = dims as Record<string, number>;
  const { beta1, beta2 } = dims as Record<string, number>;
  const loss = control[LOSS];
  const place = counters[STEP] % HISTORY;
  losses[place] = loss;
  counters[STEP] += 1;
  if (!Number.isFinite(loss)) counters[SPOILT] += 1;
  control[SCALE] = 0;
  if (counters[STEP] % accumulate !== 0) return;
  const squares = partials
    .subarray(0, 2 * count)
    .reduce((sum, part, i) => sum + (i % 2 === 0 ? part : part / SHRINK ** 2), 0);
  const norm = Math.sqrt(squares) / accumulate;
  control[NORM] = norm;
  if (Number.isFinite(norm) && counters[SPOILT] === 0) {
    control[SCALE] = (maxNorm === 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6))) / accumulate;
    control[LIMIT] = maxValue === 0 ? LARGEST : maxValue;
    control[RATE] = (control[FACTOR] || 1) * (flags.SCHEDULE ? rates[counters[APPLIED] % RING] : 1);
    control[CORRECTION1] = control[CORRECTION1] * beta1 + (1 - beta1);
    control[CORRECTION2] = control[CORRECTION2] * beta2 + (1 - beta2);
    counters[APPLIED] += 1;
  } else {
    counters[REFUSED] += 1;
    if (counters[SPOILT] === 0) losses[place] = Number.NaN;
  }
  counters[SPOILT] = 0;
};
