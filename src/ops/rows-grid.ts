import type { Workgroups } from "../plan/step.ts";

/** Along one dimension of a dispatch. */
export const MOST_WORKGROUPS = 65_535;

/** Enough workgroups for all rows, along x and, where they are too many for one dimension, y. */
export function rowsGrid(rows: number, rowsPerWorkgroup: number): Workgroups {
  const groups = Math.ceil(rows / rowsPerWorkgroup);
  const x = Math.min(groups, MOST_WORKGROUPS);
  return [x, Math.ceil(groups / x), 1];
}
