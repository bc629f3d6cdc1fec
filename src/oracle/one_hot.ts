import type { Twin } from "./twin.ts";

export const oneHot: Twin = ({ buffers, dims }) => {
  const out = buffers.out as Float64Array;
  const ids = buffers.ids as Uint32Array;
  const { rows, columns } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[row * columns + column] = ids[row] === column ? 1 : 0;
  }
};
