import { onlyKnown, whole, within } from "../check.ts";
import { refuse } from "../errors.ts";
import type { LayerConfig } from "../nn/layer.ts";

/**
 * What the learning rate is multiplied by, update after update. An update that is refused does not count: the next one
 * takes its factor. The factor depends on the count alone, so a resumed run goes on exactly.
 */
export interface Schedule {
  readonly kind: string;
  /** All that it takes to make the schedule again; one of your own, given as an object with `at`, needs none. */
  readonly config?: LayerConfig;
  /** The factor, finite and at least 0, of the update after `updates` applied ones. */
  at(updates: number): number;
}

/** Always the same factor. Default 1. */
export function constant(factor = 1): Schedule {
  within("constant: factor", factor, 0, Number.POSITIVE_INFINITY);
  return { kind: "constant", config: { factor }, at: () => factor };
}

/**
 * Multiplies by `factor` after every so many updates, as `torch.optim.lr_scheduler.StepLR`.
 * @param every updates
 * @param factor default 0.1
 */
export function stepDecay(every: number, factor = 0.1): Schedule {
  whole("stepDecay: every", every, 1);
  within("stepDecay: factor", factor, 0, Number.POSITIVE_INFINITY);
  return { kind: "stepDecay", config: { every, factor }, at: (updates) => factor ** Math.floor(updates / every) };
}

/** Multiplies by `factor` after each update, as `torch.optim.lr_scheduler.ExponentialLR`. */
export function exponential(factor: number): Schedule {
  within("exponential: factor", factor, 0, Number.POSITIVE_INFINITY);
  return { kind: "exponential", config: { factor }, at: (updates) => factor ** updates };
}

/**
 * Half a cosine from 1 to a minimum (Loshchilov & Hutter 2017), as `torch.optim.lr_scheduler.CosineAnnealingLR`; then the
 * minimum for good.
 * @param length updates from 1 to the minimum
 * @param minimum a factor, default 0
 */
export function cosine(length: number, minimum = 0): Schedule {
  whole("cosine: length", length, 1);
  within("cosine: minimum", minimum, 0, Number.POSITIVE_INFINITY);
  return { kind: "cosine", config: { length, minimum }, at: (updates) => annealed(1, minimum, updates / length) };
}

/**
 * Rises in a straight line to 1, as `torch.optim.lr_scheduler.LinearLR`, before another schedule, which then counts from
 * its own first update (`SequentialLR`).
 * @param length updates until the factor is 1
 * @param next default: 1 for good
 * @param start factor of the first update; default 1 / length
 */
export function warmUp(length: number, next: Schedule = constant(), start = 1 / length): Schedule {
  whole("warmUp: length", length, 1);
  checkSchedule("warmUp: next", next);
  within("warmUp: start", start, 0, Number.POSITIVE_INFINITY);
  const rising = (updates: number): number => start + ((1 - start) * updates) / length;
  return {
    kind: "warmUp",
    config: { length, start, next: { kind: next.kind, ...next.config } },
    at: (updates) => (updates < length ? rising(updates) : next.at(updates - length)),
  };
}

export interface OneCycleOptions {
  /** Share of the length in which the rate rises, in [0, 1). Default 0.3. */
  rise?: number;
  /** Factor of the first update. Default 1 / 25. */
  start?: number;
  /** Factor of the last update and after. Default `start` / 10,000. */
  end?: number;
}

/**
 * Half a cosine up to the learning rate, then one down to next to nothing (Smith & Topin 2018), as
 * `torch.optim.lr_scheduler.OneCycleLR`, whose `max_lr` is the optimiser's learning rate here. Momentum does not cycle.
 * @param length updates of the whole cycle, at least 2
 */
export function oneCycle(length: number, options: OneCycleOptions = {}): Schedule {
  onlyKnown("oneCycle", options, ["rise", "start", "end"]);
  const { rise = 0.3, start = 1 / 25, end = start / 1e4 } = options;
  whole("oneCycle: length", length, 2);
  within("oneCycle: rise", rise, 0, 1);
  within("oneCycle: start", start, 0, Number.POSITIVE_INFINITY);
  within("oneCycle: end", end, 0, Number.POSITIVE_INFINITY);
  const [top, last] = [Math.max(0, rise * length - 1), length - 1];
  return {
    kind: "oneCycle",
    config: { length, rise, start, end },
    at: (updates) =>
      updates < top ? annealed(start, 1, updates / top) : annealed(1, end, (updates - top) / (last - top)),
  };
}

/** Half a cosine from one value to another as `share` goes from 0 to 1; then the latter. */
const annealed = (from: number, to: number, share: number): number =>
  share >= 1 ? to : to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;

/** Refuses what has no `at`. */
export function checkSchedule(what: string, schedule: Schedule): void {
  if (typeof schedule?.at === "function") return;
  throw refuse({ what, expected: "a schedule such as cosine(1000)", got: String(schedule) });
}

/**
 * The factor for one update.
 * @throws WebgpuRnnError when the schedule gives none: a negative number, NaN, or more than float32 holds
 */
export function factorAt(schedule: Schedule, updates: number): number {
  const factor = schedule.at(updates);
  if (factor >= 0 && Number.isFinite(Math.fround(factor))) return factor;
  const what = `schedule ${schedule.kind}: factor of update ${updates}`;
  throw refuse({ what, expected: "a finite number of at least 0", got: String(factor) });
}
