import type { Twin } from "./twin.ts";

export const attentionQueriesBackward: Twin = ({ buffers, dims, flags }) => {
  const { queries, keys, values, weights, dcontext, score_weight: v, dscores, dqueries } = buffers;
  const { rows, batch, steps, size, columns, scaled = 0 } = dims as Record<string, number>;
  for (let n = 0; n < rows; n++) {
    const b = n % batch;
    const weight = Array.from({ length: steps }, (_, s) => weights[n * steps + s] as number);
    const dweight = weight.map((_, s) => {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += dcontext[n * columns + c] * values[(s * batch + b) * columns + c];
      return sum;
    });
    const mean = weight.reduce((sum, share, s) => sum + share * (dweight[s] as number), 0);
    const dscore = weight.map((share, s) => share * ((dweight[s] as number) - mean));
    dscores.set(dscore, n * steps);
    for (let a = 0; a < size; a++) {
      const at = n * size + a;
      const key = (s: number): number => keys[(s * batch + b) * size + a] as number;
      const y = (s: number): number => Math.tanh(queries[at] + key(s));
      const over = (term: (s: number) => number): number =>
        dscore.reduce((sum, gradient, s) => sum + gradient * term(s), 0);
      if (flags.ADDITIVE) dqueries[scaled + at] = over(y);
      const dquery = flags.ADDITIVE ? (v[a] as number) * over((s) => 1 - y(s) ** 2) : over(key);
      dqueries[at] = (flags.ACCUMULATE ? (dqueries[at] as number) : 0) + dquery;
    }
  }
};
