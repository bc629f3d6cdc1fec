import type { Twin } from "./twin.ts";

export const elementLoss: Twin = ({ buffers, dims, flags }) => {
  const { output, targets, losses, weights, doutput } = buffers as Record<string, Float64Array>;
  const { rows, width, scale, delta } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const weight = (flags.WEIGHTED ? weights[row] : scale) / width;
    let sum = 0;
    for (let i = row * width; i < (row + 1) * width; i++) {
      const [loss, slope] = lossOf(flags, output[i], targets[i], delta);
      sum += loss;
      if (flags.GRADIENT) doutput[i] = weight === 0 ? 0 : weight * slope;
    }
    losses[row] = weight === 0 ? 0 : weight * sum;
  }
};

function lossOf(flags: Readonly<Record<string, boolean>>, y: number, target: number, delta: number): [number, number] {
  const d = y - target;
  if (flags.SQUARED) return [d * d, 2 * d];
  if (flags.ABSOLUTE) return [Math.abs(d), Math.sign(d)];
  if (flags.BINARY)
    return [Math.max(y, 0) - y * target + Math.log1p(Math.exp(-Math.abs(y))), 1 / (1 + Math.exp(-y)) - target];
  return Math.abs(d) <= delta ? [(d * d) / 2, d] : [delta * (Math.abs(d) - delta / 2), delta * Math.sign(d)];
}
