import { Draws } from "../draws.ts";
import { checkTask, type Task, type TimedTaskOptions, task } from "./task.ts";

/** The delay τ; the series is chaotic above 16.8. */
const DELAY = 17;
/** Steps of the integrator in a unit of time: dt = 0.1. */
const STEPS = 10;
const LAG = DELAY * STEPS;
/** Units of time left out at the start, until the series has forgotten its past. */
const WASHOUT = 500;

/**
 * Forecast of the Mackey–Glass series (Mackey & Glass 1977): dx/dt = 0.2 x(t − 17) / (1 + x(t − 17)¹⁰) − 0.1 x(t), by
 * Runge and Kutta's method of fourth order with dt = 0.1, seen once per unit of time. A row starts 500 units after a
 * constant past drawn from [0.5, 1.5). The value one unit later is asked for at every step. In float64 throughout, of sums
 * and products only, since the series would turn one engine's rounding of a power into another future.
 * @returns inputs and targets [T, 1]
 * @throws WebgpuRnnError when a count is no positive whole number
 */
export function mackeyGlass(options: TimedTaskOptions): Task<Float32Array, Float32Array> {
  checkTask("mackeyGlass", options, { time: 1 });
  const { batch, time, seed = 0 } = options;
  const draws = new Draws(seed);
  return task(batch, () => {
    const values = integrate(0.5 + draws.uniform(), WASHOUT + time);
    const seen = Float32Array.from({ length: time + 1 }, (_, t) => values[LAG + (WASHOUT + t) * STEPS] as number);
    return [seen.slice(0, -1), seen.slice(1)];
  });
}

/** @returns the constant past, `LAG` values, and then the series in steps of dt from time 0 to `units` */
function integrate(past: number, units: number): Float64Array {
  const x = new Float64Array(LAG + units * STEPS + 1).fill(past, 0, LAG + 1);
  const halfway = x.slice(); // x half a step later, as the method itself interpolates
  const dt = 1 / STEPS;
  for (let now = LAG; now + 1 < x.length; now++) {
    const before = now - LAG;
    const [here, start, end] = [x[now] as number, feedback(x[before] as number), feedback(x[before + 1] as number)];
    const half = feedback(halfway[before] as number);
    const k1 = start - 0.1 * here;
    const k2 = half - 0.1 * (here + (dt / 2) * k1);
    const k3 = half - 0.1 * (here + (dt / 2) * k2);
    const k4 = end - 0.1 * (here + dt * k3);
    x[now + 1] = here + (dt / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    halfway[now] = here + (dt / 24) * (5 * k1 + 4 * k2 + 4 * k3 - k4);
  }
  return x;
}

function feedback(delayed: number): number {
  const square = delayed * delayed;
  const fourth = square * square;
  return (0.2 * delayed) / (1 + fourth * fourth * square);
}
