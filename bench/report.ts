import { figure, percent } from "../src/cli/table.ts";
import { type Ceilings, shareOf } from "./ceilings.ts";
import { agrees } from "./check.ts";
import type { EnduranceRow } from "./endurance.ts";
import type { KernelRow } from "./kernels.ts";
import type { PlanRow } from "./plans.ts";
import type { SamplingRow } from "./sampling.ts";
import type { TrainingRow } from "./training.ts";

/** Cells under their head, for the terminal and for a page. */
export type Table = readonly [head: readonly string[], rows: readonly (readonly string[])[]];

/** Least width of a cell. */
const WIDTH = 7;

/** A line of a table whose other rows are not known yet: cells as wide as their head. */
export const lineUnder = (head: readonly string[], cells: readonly string[]): string =>
  cells
    .map((cell, c) => {
      const width = Math.max(WIDTH, head[c]?.length ?? 0);
      return c === 0 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join("  ")
    .trimEnd();

export const ceilingsTable = ({ tried }: Ceilings): Table => [
  [
    "ceiling, GFLOP/s or GB/s",
    ...["before", "after"].slice(0, Math.max(...Object.values(tried).map((each) => each.length))),
  ],
  Object.entries(tried).map(([name, values]) => [name, ...values.map(figure)]),
];

export const kernelTable = (rows: readonly KernelRow[], ceilings: Ceilings): Table => [
  ["kernel and variant", "dispatch", "ms", "GPU ms", "GFLOP/s", "GB/s", "of ceiling", "error", "tensors"],
  rows.map((row) => [
    row.variant,
    row.count > 1 ? `${row.label} (one of ${row.count})` : row.label,
    figure(row.milliseconds),
    figure(row.gpuMilliseconds ?? Number.NaN),
    row.gigaflops === 0 ? "–" : figure(row.gigaflops),
    figure(row.gigabytes),
    percent(shareOf(row, ceilings)),
    errorText(row),
    row.shapes,
  ]),
];

function errorText(row: KernelRow): string {
  const { error, tolerance, failure } = row;
  if (failure) return failure;
  return agrees(row) ? error.toExponential(1) : `WRONG: ${error.toExponential(1)} above ${tolerance.toExponential(1)}`;
}

export const trainingTable = (rows: readonly TrainingRow[], ceilings: Ceilings): Table => [
  ["machine", "ms", "tokens/s", "GFLOP/s", "of ceiling", ...CALLS, "device bytes"],
  rows.map((row) => [
    row.machine,
    ...[row.milliseconds, row.tokensPerSecond, row.gigaflops].map(figure),
    percent(row.gigaflops / ceilings.gigaflops),
    ...callFigures(row),
    figure(row.bytes),
  ]),
];

export const planTable = (rows: readonly PlanRow[]): Table => [
  ["T", "machine", "dispatches", "device bytes"],
  rows.map(({ time, machine, dispatches, bytes }) => [String(time), machine, figure(dispatches), figure(bytes)]),
];

export const samplingTable = (row: SamplingRow): Table => [
  ["tokens", "ms", "tokens/s", ...CALLS, "read-backs"],
  [
    [
      ...[row.tokens, row.milliseconds, (1000 * row.tokens) / row.milliseconds].map(figure),
      ...callFigures(row),
      figure(row.calls.readBacks),
    ],
  ],
];

export const enduranceTable = ({ steps, milliseconds, before, after }: EnduranceRow): Table => [
  ["", "live buffers", "bytes"],
  [
    ["after one step", figure(before.count), figure(before.bytes)],
    [`after ${figure(steps)} more (${figure(milliseconds / steps)} ms each)`, figure(after.count), figure(after.bytes)],
  ],
];

const CALLS = ["dispatches", "submits", "buffers made", "bind groups", "pipelines", "bytes written"];

const callFigures = ({ calls }: TrainingRow | SamplingRow): string[] =>
  [calls.dispatches, calls.submits, calls.buffers, calls.bindGroups, calls.pipelines, calls.bytesWritten].map(figure);
