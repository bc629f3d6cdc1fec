import { CORRECTION1, CORRECTION2, RATE, SCALE } from "../control.ts";
import { fits } from "./fits.ts";
import { clippedGradient } from "./gradient.ts";
import type { Twin } from "./twin.ts";

export const adam: Twin = ({ buffers, dims, flags }) => {
  const { parameters, gradients, m, v, largest, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: base, beta1, beta2, epsilon, weight_decay: decay } = dims as Record<string, number>;
  if (control[SCALE] === 0) return;
  const rate = base * control[RATE];
  const step = rate / control[CORRECTION1];
  for (let i = 0; i < length; i++) {
    let weight = parameters[i];
    let g = clippedGradient(control, gradients[i]);
    if (flags.DECOUPLED) weight -= rate * decay * weight;
    else g += decay * weight;
    const first = beta1 * m[i] + (1 - beta1) * g;
    const squares = beta2 * v[i] + (1 - beta2) * g * g;
    const second = flags.AMSGRAD ? Math.max(largest[i], squares) : squares;
    weight -= (step * first) / (Math.sqrt(second / control[CORRECTION2]) + epsilon);
    if (!fits(step, first, squares, weight)) continue;
    [parameters[i], m[i], v[i]] = [weight, first, squares];
    if (flags.AMSGRAD) largest[i] = second;
  }
};
