import { Draws } from "../draws.ts";
import { checkTask, type Task, type TimedTaskOptions, task } from "./task.ts";

/**
 * Parity at every step (as a problem for networks: Minsky & Papert 1969; over time: Hochreiter & Schmidhuber 1997): random
 * bits, and whether an odd number of ones has come so far. Guessing gives a cross-entropy of ln 2.
 * @returns inputs and targets [T] ids 0 and 1
 * @throws WebgpuRnnError when a count is no positive whole number
 */
export function parity(options: TimedTaskOptions): Task<Uint32Array, Uint32Array> {
  checkTask("parity", options, { time: 1 });
  const { batch, time, seed = 0 } = options;
  const draws = new Draws(seed);
  return task(batch, () => {
    const inputs = Uint32Array.from({ length: time }, () => draws.below(2));
    let odd = 0;
    return [inputs, inputs.map((bit) => (odd ^= bit))];
  });
}
