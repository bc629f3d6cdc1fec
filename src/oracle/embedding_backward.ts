import type { Twin } from "./twin.ts";

export const embeddingBackward: Twin = ({ buffers, dims, flags }) => {
  const { dout, dtable } = buffers as Record<string, Float64Array>;
  const ids = buffers.ids as Uint32Array;
  const { rows, columns, vocabulary } = dims as Record<string, number>;
  if (!flags.ACCUMULATE) dtable.fill(0, 0, vocabulary * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      dtable[ids[row] * columns + column] += dout[row * columns + column];
  }
};
