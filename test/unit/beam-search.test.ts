import { describe, expect, test } from "vitest";
import { type BeamOptions, BeamSearch, type Hypothesis } from "../../src/run/beam-search.ts";
import { noise } from "../gpu/noise.ts";

const VOCABULARY = 3;
const END = 2;

/** Logits after a prefix: numbers without a pattern, other ones for each prefix. */
const logitsAfter = (ids: readonly number[], seed: number): Float32Array =>
  noise(
    VOCABULARY,
    ids.reduce((stream, id) => stream * 4 + id + 1, seed * 1000),
    3,
  );

function search(options: BeamOptions, seed: number): Hypothesis | undefined {
  const beam = new BeamSearch(options);
  while (!beam.done) {
    const before = beam.live;
    beam.advance(Float32Array.from(before.flatMap(({ ids }) => [...logitsAfter(ids, seed)])), VOCABULARY);
    for (const { ids, parents } of beam.live) {
      const { ids: shorter, parents: earlier } = before[parents.at(-1) as number] as Hypothesis;
      expect(ids.slice(0, -1)).toEqual(shorter);
      expect(parents.slice(0, -1)).toEqual(earlier);
    }
    expect(beam.live.length).toBeLessThanOrEqual(options.beams);
  }
  return beam.best;
}

/** The logarithm of the probability of a step. */
function logProbability(ids: readonly number[], next: number, seed: number): number {
  const logits = [...logitsAfter(ids, seed)];
  return (logits[next] as number) - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
}

type Sequence = Pick<Hypothesis, "ids" | "score">;

/** All that are complete. */
function all(longest: number, seed: number, ids: readonly number[] = [], score = 0): Sequence[] {
  if (ids.length === longest) return [{ ids, score }];
  return Array.from({ length: VOCABULARY }, (_, id) => {
    const after = score + logProbability(ids, id, seed);
    return id === END ? [{ ids, score: after }] : all(longest, seed, [...ids, id], after);
  }).flat();
}

const likeliest = (hypotheses: readonly Sequence[]): Sequence =>
  hypotheses.reduce((best, other) => (other.score > best.score ? other : best));

describe.each([1, 2, 3, 4, 5])("seed %i", (seed) => {
  test("one beam takes the likeliest id at every step", () => {
    const ids: number[] = [];
    let score = 0;
    for (let next = -1; next !== END && ids.length < 6; ) {
      const logits = logitsAfter(ids, seed);
      next = logits.indexOf(Math.max(...logits));
      score += logProbability(ids, next, seed);
      if (next !== END) ids.push(next);
    }
    const found = search({ beams: 1, end: END, longest: 6 }, seed);
    expect(found?.ids).toEqual(ids);
    expect(found?.score).toBeCloseTo(score, 12);
  });

  test("as many beams as there are sequences find the likeliest of all", () => {
    const best = likeliest(all(4, seed));
    const found = search({ beams: 64, end: END, longest: 4 }, seed);
    expect(found?.ids).toEqual(best.ids);
    expect(found?.score).toBeCloseTo(best.score, 12);
  });

  test("without an end all are as long as they may be", () => {
    expect(search({ beams: 2, end: undefined, longest: 4 }, seed)?.ids).toHaveLength(4);
  });
});

test("of equals the lowest ids come first, and a NaN is never taken", () => {
  const beam = new BeamSearch({ beams: 2, end: undefined, longest: 1 });
  beam.advance(Float32Array.of(1, 2, 2), 3);
  expect(beam.best?.ids).toEqual([1]);
  const none = new BeamSearch({ beams: 2, end: undefined, longest: 1 });
  none.advance(Float32Array.of(Number.NaN, 1), 2);
  expect(none.done).toBe(true);
  expect(none.best).toBeUndefined();
});
