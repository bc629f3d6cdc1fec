import type { WorkRow } from "../src/cli/measure-work.ts";
import { figure, percent } from "../src/cli/table.ts";
import type { Work } from "../src/cli/work.ts";
import type { Ceilings } from "./ceilings.ts";
import type { Calls } from "./count-calls.ts";

/** What was measured of one work, with what was asked of WebGPU. */
export interface StepRow extends WorkRow {
  /** Of one time after warm-up. */
  readonly calls?: Calls;
  /** Device memory by the plan. */
  readonly predictedBytes?: number;
  /** Of all buffers that were made and are still there. */
  readonly bytes?: number;
}

export const STEP_HEAD: readonly string[] = [
  ...["cell", "kind", "machine", "H", "B", "T", "L", "ms", "tokens/s", "GFLOP/s", "products"],
  ...["dispatches", "submits", "buffers made", "bytes written", "MB planned", "MB made", ""],
];

/**
 * The cells of a row under {@link STEP_HEAD}. "products": the share of the time that the multiplications would take by
 * themselves at the adapter's ceiling.
 */
export function stepCells(row: StepRow, ceilings: Ceilings): string[] {
  const { work, milliseconds, tokensPerSecond, gigaflops = Number.NaN, calls, predictedBytes, bytes } = row;
  const { cell, kind, machine, hidden, batch, time, layers } = work;
  return [
    ...[cell, kind, machine ?? "–", ...[hidden, batch, time, layers].map(String)],
    ...[milliseconds, tokensPerSecond, gigaflops].map(shown),
    percent(gigaflops / ceilings.gigaflops),
    ...[calls?.dispatches, calls?.submits, calls?.buffers, calls?.bytesWritten].map(shown),
    ...[predictedBytes, bytes].map((value) => shown(value === undefined ? undefined : value / 1e6)),
    row.failure ?? row.leftOut ?? "",
  ];
}

/** A work in words, by which results are compared. */
export const workText = ({ cell, kind, machine, hidden, batch, time, layers }: Work): string =>
  `${cell}, ${kind}${machine ? `, ${machine}` : ""}, H ${hidden}, B ${batch}, T ${time}, L ${layers}`;

/** @returns what went wrong, by work; to be left out is no failure */
export const stepFailures = (rows: readonly StepRow[]): string[] =>
  rows.flatMap(({ work, failure }) => (failure === undefined ? [] : [`${workText(work)}: ${failure}`]));

const shown = (value = Number.NaN): string => figure(value);
