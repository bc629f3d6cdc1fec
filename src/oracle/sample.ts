import { threefry, uniformFrom } from "../random.ts";
import type { Twin } from "./twin.ts";

const HIGHEST = 2 ** 128 - 2 ** 104; // the largest finite float32

export const sample: Twin = ({ buffers, dims, workgroups: [rows] }) => {
  const { tokens, cursor, next } = buffers as Record<string, Uint32Array>;
  const { vocabulary, capacity, prompt_end: promptEnd, seed } = dims as Record<string, number>;
  for (let row = 0; row < rows; row++) {
    const logits = (buffers.logits as Float64Array).subarray(row * vocabulary, (row + 1) * vocabulary);
    const uniform = uniformFrom(threefry(seed, row, cursor[row], 0)[0]);
    const token = draw(logits, uniform, dims);
    const position = cursor[row] + 1;
    const slot = row * capacity + (position % capacity);
    if (position >= promptEnd) tokens[slot] = token;
    next[row] = tokens[slot];
    cursor[row] = position;
  }
};

/** @returns the id drawn from one row of logits by a uniform number in [0, 1) */
export function draw(logits: Float64Array, uniform: number, dims: Readonly<Record<string, number>>): number {
  const { temperature, top_k: topK, top_p: topP } = dims as Record<string, number>;
  const finite = [...logits].map((logit) => Math.max(-HIGHEST, Math.min(HIGHEST, logit)));
  const ids = finite.map((_, id) => id).filter((id) => !Number.isNaN(logits[id]));
  const ranked = ids.sort((a, b) => logits[b] - logits[a] || a - b);
  const [best = 0] = ranked;
  if (temperature === 0) return best;
  const weights = finite.map((logit) => Math.exp((logit - finite[best]) / temperature));
  let kept = topK > 0 ? ranked.slice(0, topK) : ranked;
  if (topP < 1) kept = upTo(kept, weights, topP * total(kept, weights));
  return (
    upTo(
      kept.sort((a, b) => a - b),
      weights,
      (1 - uniform) * total(kept, weights),
    ).at(-1) ?? 0
  );
}

const total = (ids: readonly number[], weights: readonly number[]): number =>
  ids.reduce((sum, id) => sum + weights[id], 0);

/** The ids before the running sum of weights has reached `goal`, with the one that reaches it. */
function upTo(ids: readonly number[], weights: readonly number[], goal: number): number[] {
  let running = 0;
  return ids.filter((id) => {
    const before = running;
    running += weights[id];
    return before < goal;
  });
}
