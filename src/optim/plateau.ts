import { onlyKnown, whole, within } from "../check.ts";
import { refuse } from "../errors.ts";

export interface PlateauOptions {
  /** What a plateau multiplies the rate by, in [0, 1). Default 0.1. */
  factor?: number;
  /** Observations without a better one that are borne. Default 10. */
  patience?: number;
  /** Share of the best by which a better one must be smaller. Default 1e-4. */
  threshold?: number;
  /** Observations after a plateau that count for none. Default 0. */
  cooldown?: number;
  /** The smallest factor, above 0. Default 1e-8. */
  minimum?: number;
}

/** All that a plateau remembers: plain numbers, to be kept beside a checkpoint. */
export interface PlateauState {
  readonly factor: number;
  /** The smallest observation; null before the first. */
  readonly best: number | null;
  /** Observations since then. */
  readonly waited: number;
  /** Observations still to be borne. */
  readonly cooling: number;
}

/** Lowers the learning rate when a loss stops falling. Made by {@link onPlateau}. */
export interface Plateau {
  readonly state: PlateauState;
  /**
   * @param loss of a validation, in any unit; NaN counts as no improvement
   * @returns what the learning rate is to be multiplied by from now on
   */
  observe(loss: number): number;
}

/**
 * As `torch.optim.lr_scheduler.ReduceLROnPlateau`, on the host and by factors: what `observe` returns goes to
 * `trainer.scaleRate`, which multiplies it with a schedule's.
 * @param resume the state of one before, to go on from
 * @throws WebgpuRnnError when an option is unknown or out of range
 */
export function onPlateau(options: PlateauOptions = {}, resume?: PlateauState): Plateau {
  onlyKnown("onPlateau", options, ["factor", "patience", "threshold", "cooldown", "minimum"]);
  const { factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, minimum = 1e-8 } = options;
  within("onPlateau: factor", factor, 0, 1);
  whole("onPlateau: patience", patience, 0);
  within("onPlateau: threshold", threshold, 0, 1);
  whole("onPlateau: cooldown", cooldown, 0);
  within("onPlateau: minimum", minimum, 2 ** -126, 1);
  let state: PlateauState = resume ?? { factor: 1, best: null, waited: 0, cooling: 0 };
  if (!(state.factor > 0)) throw refuse({ what: "onPlateau: resume", expected: "a state", got: String(state.factor) });
  return {
    get state() {
      return state;
    },
    observe(loss) {
      const better = loss < (state.best ?? Number.POSITIVE_INFINITY) * (1 - threshold);
      const cooling = Math.max(0, state.cooling - 1);
      const waited = better || state.cooling > 0 ? 0 : state.waited + 1;
      const best = better ? loss : state.best;
      state =
        waited > patience
          ? { factor: Math.max(minimum, state.factor * factor), best, waited: 0, cooling: cooldown }
          : { factor: state.factor, best, waited, cooling };
      return state.factor;
    },
  };
}
