import type { Twin } from "./twin.ts";

export const embeddingForward: Twin = ({ buffers, dims }) => {
  const { table, out } = buffers as Record<string, Float64Array>;
  const ids = buffers.ids as Uint32Array;
  const { rows, columns } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[row * columns + column] = table[ids[row] * columns + column];
  }
};
