import { Draws } from "../draws.ts";
import { checkTask, type Task, type TaskOptions, task } from "./task.ts";

/** Ids of the copying problem: eight symbols, the blank and the mark after which the symbols are to be repeated. */
export const COPY_VOCABULARY = 10;
const SYMBOLS = 8;
const BLANK = 8;
const MARK = 9;
/** Symbols to remember. */
const REMEMBERED = 10;

export interface CopyMemoryOptions extends TaskOptions {
  /** Steps from the last symbol shown to the first one asked for; rows have T = delay + 20 steps. */
  delay: number;
}

/**
 * The copying problem (Hochreiter & Schmidhuber 1997), in the form of Arjovsky, Shah & Bengio 2016: ten symbols from 0 to
 * 7, delay − 1 blanks (8), a mark (9), ten blanks; blanks are to be answered, and at the last ten steps the symbols.
 * @returns inputs and targets [delay + 20] ids below {@link COPY_VOCABULARY}
 * @throws WebgpuRnnError when a count is no positive whole number
 */
export function copyMemory(options: CopyMemoryOptions): Task<Uint32Array, Uint32Array> {
  checkTask("copyMemory", options, { delay: 1 });
  const { batch, delay, seed = 0 } = options;
  const draws = new Draws(seed);
  return task(batch, () => {
    const symbols = Uint32Array.from({ length: REMEMBERED }, () => draws.below(SYMBOLS));
    const inputs = new Uint32Array(delay + 2 * REMEMBERED).fill(BLANK);
    const targets = inputs.slice();
    inputs.set(symbols);
    inputs[REMEMBERED + delay - 1] = MARK;
    targets.set(symbols, REMEMBERED + delay);
    return [inputs, targets];
  });
}

/** Mean cross-entropy in nats of a model without memory: sure of the blanks, any of eight symbols for the last ten. */
export const copyBaseline = (delay: number): number => (REMEMBERED * Math.log(SYMBOLS)) / (delay + 2 * REMEMBERED);
