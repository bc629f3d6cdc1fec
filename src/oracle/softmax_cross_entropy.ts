import type { Twin } from "./twin.ts";

export const softmaxCrossEntropy: Twin = ({ buffers, dims, flags }) => {
  const { logits, losses, weights, classes, dlogits } = buffers as Record<string, Float64Array>;
  const targets = buffers.targets as Uint32Array;
  const { rows, vocabulary, scale, smoothing = 0 } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const own = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
    const highest = own.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
    const below = own.map((logit) => logit - highest);
    const total = below.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const weight = flags.WEIGHTED ? weights[row] : scale;
    /** What the class counts for in this row. */
    const wanted = Array.from(own, (_, id) => {
      const share = smoothing / vocabulary + (id === targets[row] ? 1 - smoothing : 0);
      return share * (flags.CLASSES ? classes[id] : 1);
    });
    const loss = wanted.reduce(
      (sum, share, id) => (share === 0 ? sum : sum + share * (Math.log(total) - below[id])),
      0,
    );
    losses[row] = weight === 0 ? 0 : weight * loss;
    if (!flags.GRADIENT) continue;
    const mass = wanted.reduce((sum, share) => sum + share, 0);
    below.forEach((logit, id) => {
      const slope = (mass * Math.exp(logit)) / total - wanted[id];
      dlogits[row * vocabulary + id] = weight === 0 ? 0 : weight * slope;
    });
  }
};
