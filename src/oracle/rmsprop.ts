import { RATE, SCALE } from "../control.ts";
import { fits } from "./fits.ts";
import { clippedGradient } from "./gradient.ts";
import type { Twin } from "./twin.ts";

export const rmsprop: Twin = ({ buffers, dims, flags }) => {
  const { parameters, gradients, v, mean, velocity, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: base, alpha, epsilon, weight_decay: decay, momentum } = dims as Record<string, number>;
  if (control[SCALE] === 0) return;
  const rate = base * control[RATE];
  for (let i = 0; i < length; i++) {
    const g = clippedGradient(control, gradients[i]) + decay * parameters[i];
    const squares = alpha * v[i] + (1 - alpha) * g * g;
    const centre = flags.CENTERED ? alpha * mean[i] + (1 - alpha) * g : 0;
    const spread = Math.max(0, squares - centre * centre);
    let direction = g / (Math.sqrt(spread) + epsilon);
    if (flags.MOMENTUM) direction += momentum * velocity[i];
    const weight = parameters[i] - rate * direction;
    if (!fits(rate, squares, direction, weight)) continue;
    [parameters[i], v[i]] = [weight, squares];
    if (flags.CENTERED) mean[i] = centre;
    if (flags.MOMENTUM) velocity[i] = direction;
  }
};
