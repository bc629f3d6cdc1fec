import { Draws } from "../draws.ts";
import { checkTask, type Task, type TimedTaskOptions, task } from "./task.ts";

/**
 * Mean squared error of always answering 1: 1/6, the variance of the sum of two uniform numbers. Le, Jaitly & Hinton 2015
 * print 0.1767 for it.
 */
export const ADDING_BASELINE = 1 / 6;

/**
 * The adding problem (Hochreiter & Schmidhuber 1997, experiment 4), in the form of Arjovsky, Shah & Bengio 2016: numbers
 * from [0, 1) beside marks, one mark in each half of the row; the sum of the two marked numbers is asked for at the end.
 * @returns inputs [T, 2], each step its number and its mark, 1 or 0; targets [1]
 * @throws WebgpuRnnError when a count is no positive whole number or `time` is below 2
 */
export function addingProblem(options: TimedTaskOptions): Task<Float32Array, Float32Array> {
  checkTask("addingProblem", options, { time: 2 });
  const { batch, time, seed = 0 } = options;
  const draws = new Draws(seed);
  const half = Math.floor(time / 2);
  return task(batch, () => {
    const inputs = new Float32Array(time * 2);
    for (let t = 0; t < time; t++) inputs[t * 2] = draws.uniform();
    const marked = [draws.below(half), draws.between(half, time - 1)];
    for (const t of marked) inputs[t * 2 + 1] = 1;
    return [inputs, Float32Array.of(marked.reduce((sum, t) => sum + (inputs[t * 2] as number), 0))];
  });
}
