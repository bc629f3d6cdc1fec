import { APPLIED, RATE, SCALE } from "../control.ts";
import { clippedGradient } from "./gradient.ts";
import type { Twin } from "./twin.ts";

export const sgd: Twin = ({ buffers, dims, flags }) => {
  const { parameters, gradients, velocity, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: rate, weight_decay: decay, momentum, dampening } = dims as Record<string, number>;
  if (control[SCALE] === 0) return;
  for (let i = 0; i < length; i++) {
    let direction = clippedGradient(control, gradients[i]) + decay * parameters[i];
    if (flags.MOMENTUM) {
      const share = buffers.counters?.[APPLIED] === 1 ? 1 : 1 - dampening;
      velocity[i] = momentum * velocity[i] + share * direction;
      direction = flags.NESTEROV ? direction + momentum * velocity[i] : velocity[i];
    }
    parameters[i] -= rate * control[RATE] * direction;
  }
};
