import type { Twin } from "./twin.ts";

export const attentionKeysBackward: Twin = ({ buffers, dims, flags }) => {
  const { queries, keys, weights, dscores, dcontext, score_weight: v, dkeys, dvalues } = buffers;
  const { time, batch, steps, size, columns } = dims as Record<string, number>;
  for (let step = 0; step < steps * batch; step++) {
    const [s, b] = [Math.floor(step / batch), step % batch];
    const over = (term: (row: number) => number): number => {
      let sum = 0;
      for (let t = 0; t < time; t++) sum += term(t * batch + b);
      return sum;
    };
    for (let a = 0; a < size; a++) {
      const derivative = (row: number): number => {
        const query = queries[row * size + a] as number;
        return flags.ADDITIVE ? v[a] * (1 - Math.tanh(query + keys[step * size + a]) ** 2) : query;
      };
      dkeys[step * size + a] = over((row) => dscores[row * steps + s] * derivative(row));
    }
    for (let c = 0; c < columns; c++) {
      dvalues[step * columns + c] = over((row) => weights[row * steps + s] * dcontext[row * columns + c]);
    }
  }
};
