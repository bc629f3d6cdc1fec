import { CORRECTION1, CORRECTION2, SCALE } from "../control.ts";
import type { Twin } from "./twin.ts";

export const adam: Twin = ({ buffers, dims }) => {
  const { parameters, gradients, m, v, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: rate, beta1, beta2, epsilon } = dims as Record<string, number>;
  const scale = control[SCALE];
  if (scale === 0) return;
  for (let i = 0; i < length; i++) {
    const g = scale * gradients[i];
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    parameters[i] -= (rate * (m[i] / control[CORRECTION1])) / (Math.sqrt(v[i] / control[CORRECTION2]) + epsilon);
  }
};
