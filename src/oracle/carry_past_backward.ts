import { rowEnd } from "./carry_past.ts";
import type { Twin } from "./twin.ts";

export const carryPastBackward: Twin = ({ buffers, dims, flags }) => {
  const { dcolumns, mask, dpast, dx } = buffers as Record<string, Float64Array>;
  const { time, batch, inputs, taps, dilation, steps } = dims as Record<string, number>;
  const after = dpast.slice();
  dpast.fill(0, 0, batch * steps * inputs);
  /** Adds to the gradient of a step, of the past where it lies before the sequence. */
  const add = (t: number, row: number, input: number, value: number): void => {
    if (t < 0) dpast[(row * steps + steps + t) * inputs + input] += value;
    else if (flags.INPUTS && !(flags.MASKED && mask[t * batch + row] === 0)) {
      dx[(t * batch + row) * inputs + input] += value;
    }
  };
  for (let row = 0; row < batch; row++) {
    const end = rowEnd(flags.MASKED ? mask : undefined, row, time, batch);
    for (let input = 0; input < inputs; input++) {
      for (let p = 0; p < steps; p++) add(end - steps + p, row, input, after[(row * steps + p) * inputs + input]);
      for (let t = 0; t < time; t++) {
        for (let tap = 0; tap < taps; tap++) {
          const from = t + tap * dilation - steps;
          if (from < 0) add(from, row, input, dcolumns[((t * batch + row) * inputs + input) * taps + tap]);
        }
      }
    }
  }
};
