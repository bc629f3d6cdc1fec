/** What has been written so far. */
export interface Hypothesis {
  readonly ids: readonly number[];
  /** The place, among the hypotheses that were live, of the one that each id was put behind. */
  readonly parents: readonly number[];
  /** Sum of the logarithms of its ids' probabilities, in nats. */
  readonly score: number;
}

export interface BeamOptions {
  /** K, hypotheses that go on side by side. */
  readonly beams: number;
  /** The id that ends a hypothesis; undefined: none. */
  readonly end: number | undefined;
  /** Most ids of a hypothesis. */
  readonly longest: number;
}

/** A hypothesis with one id more. */
interface Candidate {
  readonly parent: number;
  readonly id: number;
  readonly score: number;
}

/**
 * Looks for the likeliest sequence, step by step: of all that the live hypotheses may go on with, the K likeliest are
 * kept (Sutskever et al. 2014). One that takes the end is complete, and leaves its place to no other. With one beam each
 * step takes the likeliest id; with as many as there are sequences, what is found is the likeliest of them.
 */
export class BeamSearch {
  readonly #options: BeamOptions;
  #live: readonly Hypothesis[] = [{ ids: [], parents: [], score: 0 }];
  #best: Hypothesis | undefined;

  constructor(options: BeamOptions) {
    this.#options = options;
  }

  /** Hypotheses to go on with, the likeliest first. */
  get live(): readonly Hypothesis[] {
    return this.#live;
  }

  /** The likeliest complete one. */
  get best(): Hypothesis | undefined {
    return this.#best;
  }

  /** Whether nothing likelier than the best can come: a score only falls. */
  get done(): boolean {
    const [first] = this.#live;
    return first === undefined || (this.#best !== undefined && this.#best.score >= first.score);
  }

  /**
   * Takes one step.
   * @param logits [at least as many as live, V]
   */
  advance(logits: Float32Array, vocabulary: number): void {
    const { beams, end, longest } = this.#options;
    const live = this.#live;
    const taken: Candidate[] = [];
    live.forEach(({ score }, parent) => {
      const own = logits.subarray(parent * vocabulary, (parent + 1) * vocabulary);
      const total = logSumExp(own);
      own.forEach((logit, id) => {
        insert(taken, { parent, id, score: score + logit - total }, beams);
      });
    });
    const kept: Hypothesis[] = [];
    for (const { parent, id, score } of taken) {
      const { ids, parents } = live[parent] as Hypothesis;
      if (id === end) this.#complete({ ids, parents, score });
      else kept.push({ ids: [...ids, id], parents: [...parents, parent], score });
    }
    const full = kept[0]?.ids.length === longest;
    if (full) kept.forEach(this.#complete);
    this.#live = full ? [] : kept;
  }

  #complete = (hypothesis: Hypothesis): void => {
    if (this.#best === undefined || hypothesis.score > this.#best.score) this.#best = hypothesis;
  };
}

/** Puts a candidate in its place among the likeliest; of equals the first stays in front, and NaN is none. */
function insert(taken: Candidate[], candidate: Candidate, most: number): void {
  const last = taken[most - 1];
  if (Number.isNaN(candidate.score) || (last && candidate.score <= last.score)) return;
  const place = taken.findIndex(({ score }) => candidate.score > score);
  taken.splice(place < 0 ? taken.length : place, 0, candidate);
  taken.length = Math.min(taken.length, most);
}

function logSumExp(logits: Float32Array): number {
  const most = logits.reduce((largest, logit) => Math.max(largest, logit), Number.NEGATIVE_INFINITY);
  return most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
}
