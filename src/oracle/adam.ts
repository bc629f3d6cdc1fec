import { CORRECTION1, CORRECTION2, RATE, SCALE } from "../control.ts";
import { clippedGradient } from "./gradient.ts";
import type { Twin } from "./twin.ts";

export const adam: Twin = ({ buffers, dims, flags }) => {
  const { parameters, gradients, m, v, largest, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: base, beta1, beta2, epsilon, weight_decay: decay } = dims as Record<string, number>;
  if (control[SCALE] === 0) return;
  const rate = base * control[RATE];
  for (let i = 0; i < length; i++) {
    let g = clippedGradient(control, gradients[i]);
    if (flags.DECOUPLED) parameters[i] -= rate * decay * parameters[i];
    else g += decay * parameters[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    if (flags.AMSGRAD) largest[i] = Math.max(largest[i], v[i]);
    const second = flags.AMSGRAD ? largest[i] : v[i];
    parameters[i] -= (rate * (m[i] / control[CORRECTION1])) / (Math.sqrt(second / control[CORRECTION2]) + epsilon);
  }
};
