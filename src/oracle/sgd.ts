import { SCALE } from "../control.ts";
import type { Twin } from "./twin.ts";

export const sgd: Twin = ({ buffers, dims, flags }) => {
  const { parameters, gradients, velocity, control } = buffers as Record<string, Float64Array>;
  const { length, learning_rate: rate, momentum } = dims as Record<string, number>;
  const scale = control[SCALE];
  if (scale === 0) return;
  for (let i = 0; i < length; i++) {
    let direction = scale * gradients[i];
    if (flags.MOMENTUM) {
      direction += momentum * velocity[i];
      velocity[i] = direction;
    }
    parameters[i] -= rate * direction;
  }
};
