import { list, onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";

export interface WindowOptions {
  /** T, steps that a window shows. */
  time: number;
  /** H, steps behind the window that are to be forecast. Default: at each step of the window the one after it. */
  horizon?: number;
  /** Steps from the start of one window to that of the next. Default 1. */
  stride?: number;
  /** I, numbers of one step. Default 1. */
  width?: number;
}

/** One stretch of a series and what is to be said of it. */
export interface WindowExample {
  /** [T, I] */
  inputs: Float32Array;
  /** [H, I] the steps behind the inputs; without a horizon [T, I], the inputs one step later. */
  targets: Float32Array;
}

/**
 * Sliding windows over a series of numbers, in order. Steps at the end that fill no window with its targets are not used.
 * @param series [N, I] row-major; [N] where the width is 1
 * @returns floor((N − T − H) / stride) + 1 examples, with H = 1 where no horizon is given; all are views of one copy of
 *   the series as float32
 * @throws WebgpuRnnError when a count is no positive whole number, the series no whole number of steps, too short, or not
 *   finite
 */
export function windows(series: ArrayLike<number>, options: WindowOptions): WindowExample[] {
  const what = "windows";
  onlyKnown(what, options, ["time", "horizon", "stride", "width"]);
  const { time, horizon, stride = 1, width = 1 } = options;
  for (const [name, count] of Object.entries({ time, horizon: horizon ?? 1, stride, width })) {
    whole(`${what}: ${name}`, count, 1);
  }
  list(what, series, "numbers");
  const steps = series.length / width;
  const ahead = horizon ?? 1;
  if (!Number.isInteger(steps)) {
    throw refuse({ what, expected: `whole steps of ${width} numbers`, got: `${series.length} numbers` });
  }
  if (steps < time + ahead) {
    const expected = `at least ${time + ahead} steps (time ${time} + ${ahead} ahead)`;
    throw refuse({ what, expected, got: String(steps), cure: "give a longer series, or a smaller time or horizon" });
  }
  const numbers = Float32Array.from(series);
  const wrong = numbers.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw refuse({ what, expected: "finite numbers", got: `${series[wrong]} at place ${wrong}` });
  const view = (from: number, to: number): Float32Array => numbers.subarray(from * width, to * width);
  return Array.from({ length: Math.floor((steps - time - ahead) / stride) + 1 }, (_, i) => {
    const begin = i * stride;
    const end = begin + time;
    return { inputs: view(begin, end), targets: view(horizon === undefined ? begin + 1 : end, end + ahead) };
  });
}
