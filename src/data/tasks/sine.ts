import { Draws } from "../draws.ts";
import { checkTask, type Task, type TimedTaskOptions, task } from "./task.ts";

const SHORTEST_PERIOD = 10;
const LONGEST_PERIOD = 50;

/**
 * Forecast of a sine of amplitude 1, whose phase and period, 10 to 50 steps, differ from row to row. The value one step
 * later is asked for at every step. `Math.sin` may differ in its last place of 53 bits between engines, which float32
 * rarely shows.
 * @returns inputs and targets [T, 1]
 * @throws WebgpuRnnError when a count is no positive whole number
 */
export function sine(options: TimedTaskOptions): Task<Float32Array, Float32Array> {
  checkTask("sine", options, { time: 1 });
  const { batch, time, seed = 0 } = options;
  const draws = new Draws(seed);
  return task(batch, () => {
    const phase = draws.uniform();
    const period = SHORTEST_PERIOD + (LONGEST_PERIOD - SHORTEST_PERIOD) * draws.uniform();
    const wave = Float32Array.from({ length: time + 1 }, (_, t) => Math.sin(2 * Math.PI * (phase + t / period)));
    return [wave.slice(0, -1), wave.slice(1)];
  });
}
