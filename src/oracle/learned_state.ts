import type { Twin } from "./twin.ts";

export const learnedState: Twin = ({ buffers, dims }) => {
  const { learned, state, started } = buffers;
  const { batch, width, first, carried } = dims as Record<string, number>;
  for (let row = 0; row < batch; row++) {
    const flag = state[carried + row] as number;
    for (let unit = 0; unit < width && flag === 0; unit++) state[first + row * width + unit] = learned[unit] as number;
    started[row] = 1 - flag;
    state[carried + row] = 1;
  }
};
