import { RATE, SCALE } from "../control.ts";
import { clippedGradient } from "./gradient.ts";
import type { Twin } from "./twin.ts";

export const rmsprop: Twin = ({ buffers, dims, flags }) => {
  const { parameters, gradients, v, mean, velocity, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: rate, alpha, epsilon, weight_decay: decay, momentum } = dims as Record<string, number>;
  if (control[SCALE] === 0) return;
  for (let i = 0; i < length; i++) {
    const g = clippedGradient(control, gradients[i]) + decay * parameters[i];
    v[i] = alpha * v[i] + (1 - alpha) * g * g;
    let spread = v[i];
    if (flags.CENTERED) {
      mean[i] = alpha * mean[i] + (1 - alpha) * g;
      spread = Math.max(0, spread - mean[i] * mean[i]);
    }
    let direction = g / (Math.sqrt(spread) + epsilon);
    if (flags.MOMENTUM) {
      direction += momentum * velocity[i];
      velocity[i] = direction;
    }
    parameters[i] -= rate * control[RATE] * direction;
  }
};
