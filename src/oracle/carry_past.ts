import type { Twin } from "./twin.ts";

/** The step after the last that a row takes. */
export function rowEnd(mask: Float64Array | undefined, row: number, time: number, batch: number): number {
  let end = time;
  while (mask && end > 0 && mask[(end - 1) * batch + row] === 0) end--;
  return end;
}

export const carryPast: Twin = ({ buffers, dims, flags }) => {
  const { x, mask, past } = buffers as Record<string, Float64Array>;
  const { time, batch, inputs, steps } = dims as Record<string, number>;
  const before = past.slice();
  for (let row = 0; row < batch; row++) {
    const end = rowEnd(flags.MASKED ? mask : undefined, row, time, batch);
    for (let p = 0; p < steps; p++) {
      const t = end - steps + p;
      for (let input = 0; input < inputs; input++) {
        const share = t >= 0 && flags.MASKED ? mask[t * batch + row] : 1;
        const value =
          t < 0 ? before[(row * steps + steps + t) * inputs + input] : x[(t * batch + row) * inputs + input];
        past[(row * steps + p) * inputs + input] = share * value;
      }
    }
  }
};
