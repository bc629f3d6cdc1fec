import type { Twin } from "./twin.ts";

/** A row to mean 0 and variance 1, and 1 / its standard deviation. */
export function normalised(row: Float64Array, epsilon: number): { normals: Float64Array; deviation: number } {
  const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
  const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  const deviation = 1 / Math.sqrt(variance + epsilon);
  return { normals: row.map((value) => (value - mean) * deviation), deviation };
}

export const layerNorm: Twin = ({ buffers, dims, flags }) => {
  const { x, gain, bias, y } = buffers as Record<string, Float64Array>;
  const { rows, columns, epsilon } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const { normals } = normalised(x.slice(row * columns, (row + 1) * columns), epsilon);
    y.set(
      normals.map((value, i) => value * gain[i] + (flags.BIAS ? bias[i] : 0)),
      row * columns,
    );
  }
};
