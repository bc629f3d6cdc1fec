import type { CellTwin, Twin } from "./twin.ts";

export const activationBackward: Twin = ({ buffers, dims, cell }) => {
  const { y, dy, dx } = buffers as Record<string, Float64Array>;
  for (let i = 0; i < dims.length; i++) {
    const back = { saved: [y[i]], r: [0], previous: [0], dstate: [dy[i]], dmid: 0, peepholes: [] };
    dx[i] = (cell as CellTwin).backward(back, 0).dgates[0] as number;
  }
};
