import type { Twin } from "./twin.ts";

export const attention: Twin = ({ buffers, dims, flags }) => {
  const { queries, keys, values, mask, score_weight: v, attended } = buffers;
  const { rows, batch, steps, size, columns, context } = dims as Record<string, number>;
  for (let n = 0; n < rows; n++) {
    const b = n % batch;
    const scores = Array.from({ length: steps }, (_, s) => {
      if (flags.MASKED && !((mask[s * batch + b] as number) > 0)) return Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let a = 0; a < size; a++) {
        const [query, key] = [queries[n * size + a] as number, keys[(s * batch + b) * size + a] as number];
        sum += flags.ADDITIVE ? (v[a] as number) * Math.tanh(query + key) : query * key;
      }
      return sum;
    });
    const most = Math.max(...scores);
    const shares = scores.map((score) => (score === Number.NEGATIVE_INFINITY ? 0 : Math.exp(score - most)));
    const total = shares.reduce((sum, share) => sum + share, 0);
    const row = shares.map((share) => (total > 0 ? share / total : 0));
    attended.set(row, n * steps);
    for (let c = 0; c < columns; c++) {
      attended[context + n * columns + c] = row.reduce(
        (sum, weight, s) => sum + weight * (values[(s * batch + b) * columns + c] as number),
        0,
      );
    }
  }
};
