import { APPLIED, RATE, SCALE } from "../control.ts";
import { fits } from "./fits.ts";
import { clippedGradient } from "./gradient.ts";
import type { Twin } from "./twin.ts";

export const adagrad: Twin = ({ buffers, dims }) => {
  const { parameters, gradients, sum, control } = buffers as Record<string, Float64Array>;
  const { counters } = buffers as { counters: Uint32Array };
  const {
    length,
    learning_rate: base,
    rate_decay: rateDecay,
    epsilon,
    weight_decay: decay,
  } = dims as Record<string, number>;
  if (control[SCALE] === 0) return;
  const rate = (base * control[RATE]) / (1 + (counters[APPLIED] - 1) * rateDecay);
  for (let i = 0; i < length; i++) {
    const g = clippedGradient(control, gradients[i]) + decay * parameters[i];
    const squares = sum[i] + g * g;
    const weight = parameters[i] - (rate * g) / (Math.sqrt(squares) + epsilon);
    if (fits(rate, squares, weight)) [parameters[i], sum[i]] = [weight, squares];
  }
};
