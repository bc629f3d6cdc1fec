import type { Twin } from "./twin.ts";

export const softmaxCrossEntropy: Twin = ({ buffers, dims, flags }) => {
  const { logits, losses, dlogits } = buffers as Record<string, Float64Array>;
  const targets = buffers.targets as Uint32Array;
  const { rows, vocabulary, scale } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const own = logits.subarray(row * vocabulary, (row + 1) * vocabulary);
    const highest = own.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
    const total = own.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
    const logSum = highest + Math.log(total);
    losses[row] = logSum - own[targets[row]];
    if (!flags.GRADIENT) continue;
    own.forEach((logit, id) => {
      dlogits[row * vocabulary + id] = scale * (Math.exp(logit - logSum) - (id === targets[row] ? 1 : 0));
    });
  }
};
