import type { Twin } from "./twin.ts";

export const attentionQueriesBackward: Twin = ({ buffers, dims, flags }) => {
  const { queries, keys, values, attended, dcontext, score_weight: v, dscores, dqueries } = buffers;
  const { rows, batch, steps, size, columns, context, scaled = 0 } = dims as Record<string, number>;
  for (let n = 0; n < rows; n++) {
    const b = n % batch;
    const dscore = Array.from({ length: steps }, (_, s) => {
      let sum = 0;
      for (let c = 0; c < columns; c++) {
        const at = n * columns + c;
        sum += dcontext[at] * (values[(s * batch + b) * columns + c] - attended[context + at]);
      }
      return attended[n * steps + s] * sum;
    });
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
