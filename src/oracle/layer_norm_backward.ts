import { normalised } from "./layer_norm.ts";
import type { Twin } from "./twin.ts";

export const layerNormBackward: Twin = ({ buffers, dims }) => {
  const { x, gain, dy, dx, scaled } = buffers as Record<string, Float64Array>;
  const { rows, columns, epsilon } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    const { normals, deviation } = normalised(x.slice(at, at + columns), epsilon);
    const d = dy.slice(at, at + columns);
    const inner = d.map((value, i) => value * gain[i]);
    const mean = inner.reduce((sum, value) => sum + value, 0) / columns;
    const slope = inner.reduce((sum, value, i) => sum + value * normals[i], 0) / columns;
    scaled.set(
      d.map((value, i) => value * normals[i]),
      at,
    );
    dx.set(
      inner.map((value, i) => deviation * (value - mean - normals[i] * slope)),
      at,
    );
  }
};
