import { onlyKnown, whole, wholeSeed } from "../../check.ts";

/** One row of a batch: ids [T], or features [T, I] row-major. */
export type Row = Uint32Array | Float32Array;

/** Examples drawn from a known source, row by row. */
export interface Task<Inputs extends Row, Targets extends Row> {
  /** B rows that a model reads. */
  inputs: Inputs[];
  /** B rows that it is to give. */
  targets: Targets[];
}

export interface TaskOptions {
  /** B, rows to draw. */
  batch: number;
  /** Key of the random numbers, a whole number from 0 to 2³² − 1; the same seed gives the same rows. Default 0. */
  seed?: number;
}

export interface TimedTaskOptions extends TaskOptions {
  /** T, steps of a row. */
  time: number;
}

/**
 * Refuses names that a task does not know, and counts out of range.
 * @param least the smallest length by the name of its option
 */
export function checkTask<Length extends string>(
  what: string,
  options: TaskOptions & Readonly<Record<NoInfer<Length>, number>>,
  least: Readonly<Record<Length, number>>,
): void {
  const lengths = Object.keys(least) as Length[];
  onlyKnown(what, options, ["batch", "seed", ...lengths]);
  whole(`${what}: batch`, options.batch, 1);
  wholeSeed(`${what}: seed`, options.seed ?? 0);
  for (const name of lengths) whole(`${what}: ${name}`, options[name], least[name]);
}

/** B rows and their targets from one draw each. */
export function task<Inputs extends Row, Targets extends Row>(
  batch: number,
  row: () => readonly [Inputs, Targets],
): Task<Inputs, Targets> {
  const rows = Array.from({ length: batch }, row);
  return { inputs: rows.map(([inputs]) => inputs), targets: rows.map(([, targets]) => targets) };
}
