import { APPLIED, RATE, SCALE } from "../control.ts";
import { fits } from "./fits.ts";
import { clippedGradient } from "./gradient.ts";
import type { Twin } from "./twin.ts";

export const sgd: Twin = ({ buffers, dims, flags }) => {
  const { parameters, gradients, velocity, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: base, weight_decay: decay, momentum, dampening } = dims as Record<string, number>;
  if (control[SCALE] === 0) return;
  const rate = base * control[RATE];
  for (let i = 0; i < length; i++) {
    let direction = clippedGradient(control, gradients[i]) + decay * parameters[i];
    let moving = 0;
    if (flags.MOMENTUM) {
      const share = buffers.counters?.[APPLIED] === 1 ? 1 : 1 - dampening;
      moving = momentum * velocity[i] + share * direction;
      direction = flags.NESTEROV ? direction + momentum * moving : moving;
    }
    const weight = parameters[i] - rate * direction;
    if (!fits(rate, moving, direction, weight)) continue;
    parameters[i] = weight;
    if (flags.MOMENTUM) velocity[i] = moving;
  }
};
