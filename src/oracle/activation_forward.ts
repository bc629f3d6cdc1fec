import type { CellTwin, Twin } from "./twin.ts";

export const activationForward: Twin = ({ buffers, dims, cell }) => {
  const { x, y } = buffers as Record<string, Float64Array>;
  for (let i = 0; i < dims.length; i++) {
    const step = { x: [x[i]], r: [0], previous: [0], peepholes: [] };
    y[i] = (cell as CellTwin).forward(step, 0).state[0] as number;
  }
};
