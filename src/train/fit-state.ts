import { finite, named, whole, within } from "../check.ts";
import { refuse } from "../errors.ts";
import { SMALLEST } from "../optim/optimizer.ts";
import type { PlateauState } from "../optim/plateau.ts";
import type { NamedTensors } from "../tensor.ts";

/** All that a training knows beside its trainer, whole whenever an event is told; `trainingCheckpoint` keeps it as `fit`. */
export interface FitState {
  /** Epochs that are over. */
  readonly epochs: number;
  /** Batches of the epoch at hand that have been trained on. */
  readonly batches: number;
  /** Sum of the losses of the epoch at hand that are finite. */
  readonly sum: number;
  /** How many these are. */
  readonly count: number;
  /** The best validation loss; null before the first. */
  readonly best: number | null;
  /** The weights with that loss; undefined before the first, or where they are not kept. */
  readonly bestWeights?: NamedTensors | undefined;
  /** Epochs since then. */
  readonly waited: number;
  /** What "halve" has multiplied the learning rate by. */
  readonly factor: number;
  /** Of the plateau, to go on from by `onPlateau(options, state.plateau)`; null where there is none. */
  readonly plateau: PlateauState | null;
}

export const BEGINNING: FitState = {
  epochs: 0,
  batches: 0,
  sum: 0,
  count: 0,
  best: null,
  waited: 0,
  factor: 1,
  plateau: null,
};

/** Refuses what no training has told. */
export function checkFitState(what: string, state: FitState): void {
  for (const name of ["epochs", "batches", "count", "waited"] as const) whole(`${what}: ${name}`, state[name], 0);
  finite(`${what}: sum`, state.sum);
  if (state.best !== null) finite(`${what}: best`, state.best);
  within(`${what}: factor`, state.factor, SMALLEST, Number.POSITIVE_INFINITY);
  const { bestWeights } = state;
  if (bestWeights !== undefined) named(`${what}: bestWeights`, bestWeights);
}

/** Refuses to go on without the best weights, or with a plateau that has forgotten what it had seen. */
export function checkGoesOn(state: FitState, keepBest: boolean, plateau: PlateauState | undefined): void {
  if (keepBest && state.best !== null && state.bestWeights === undefined) {
    const expected = "the weights with the best loss, which are to be put back";
    const cure = "keep the state by trainingCheckpoint(trainer, { fit: state }), or set keepBest to false";
    throw refuse({ what: "fit: resume: bestWeights", expected, got: "none", cure });
  }
  if (!plateau || !state.plateau || same(plateau, state.plateau)) return;
  const cure = "make it by onPlateau(options, state.plateau), or leave `plateau` out of the state";
  throw refuse({ what: "fit: plateau", expected: "the one of the state", got: "one that has seen other losses", cure });
}

const same = (a: PlateauState, b: PlateauState): boolean =>
  (["factor", "best", "waited", "cooling"] as const).every((name) => a[name] === b[name]);
