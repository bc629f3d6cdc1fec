import { Draws } from "../draws.ts";
import { padSequences } from "../pad-sequences.ts";
import { checkTask, type Task, type TimedTaskOptions, task } from "./task.ts";

/** What the ids of {@link temporalOrder} stand for: distractors, the two that matter, start and end. */
export const TEMPORAL_ORDER_SYMBOLS = ["a", "b", "c", "d", "X", "Y", "E", "B"] as const;
const DISTRACTORS = 4;
const X = 4;
const START = 6;
const END = 7;

/** Rows of their own lengths. */
export interface TemporalOrder extends Task<Uint32Array, Uint32Array> {
  /** [B] steps of each row; beyond them stands 0. */
  lengths: Uint32Array;
}

/**
 * Temporal order (Hochreiter & Schmidhuber 1997, experiment 6a): a row from E to B of distractors a to d with an X or Y at
 * each of two places; which of the four orders it was is asked for at the end. In the paper rows have 100 to 110 steps and
 * the places lie 10 to 20 and 50 to 60 steps behind E; with another `time` all of these keep their ratios.
 * @param options `time` is the length T of the longest rows, 110 in the paper
 * @returns inputs [T] ids of {@link TEMPORAL_ORDER_SYMBOLS}; targets [1] the class: 0 XX, 1 XY, 2 YX, 3 YY
 * @throws WebgpuRnnError when a count is no positive whole number or `time` is below 11
 */
export function temporalOrder(options: TimedTaskOptions): TemporalOrder {
  checkTask("temporalOrder", options, { time: 11 });
  const { batch, time, seed = 0 } = options;
  const draws = new Draws(seed);
  const shortest = Math.ceil((time * 10) / 11);
  const place = (from: number, to: number): number =>
    draws.between(Math.floor((shortest * from) / 100), Math.floor((shortest * to) / 100));
  const { inputs, targets } = task(batch, () => {
    const length = draws.between(shortest, time);
    const row = Uint32Array.from({ length }, () => draws.below(DISTRACTORS));
    const [first, second] = [draws.below(2), draws.below(2)];
    row[0] = START;
    row[place(10, 20)] = X + first;
    row[place(50, 60)] = X + second;
    row[length - 1] = END;
    return [row, Uint32Array.of(2 * first + second)];
  });
  const lengths = Uint32Array.from(inputs, (row) => row.length);
  return { inputs: padSequences(inputs, { length: time }), targets, lengths };
}
