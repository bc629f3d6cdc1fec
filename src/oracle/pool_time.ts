import type { Twin } from "./twin.ts";

export const poolTime: Twin = ({ buffers, dims, flags }) => {
  const { x, mask, y, saved } = buffers as Record<string, Float64Array>;
  const { time, batch, columns, reversed } = dims as Record<string, number>;
  const elements = batch * columns;
  for (let i = 0; i < elements; i++) {
    const taken = Array.from({ length: time }, (_, t) => t).filter(
      (t) => !flags.MASKED || mask[t * batch + Math.floor(i / columns)] !== 0,
    );
    const value = (t: number): number => x[t * elements + i];
    if (flags.LAST || flags.MAX) {
      const last = i % columns < reversed ? taken.at(-1) : taken[0];
      const largest = (): number => taken.reduce((most, t) => (value(t) > value(most) ? t : most));
      const step = flags.LAST || taken.length === 0 ? last : largest();
      y[i] = step === undefined ? 0 : value(step);
      saved[i] = step ?? -1;
    } else {
      saved[i] = taken.length === 0 ? 0 : 1 / taken.length;
      y[i] = saved[i] * taken.reduce((sum, t) => sum + value(t), 0);
    }
  }
};
