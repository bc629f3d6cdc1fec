import { figure } from "../../src/cli/table.ts";
import type { Table } from "../report.ts";
import type { MatchResult, RivalRow } from "./match.ts";
import { OURS } from "./names.ts";

/**
 * The rows of one workload: medians, and how many times as long as ours they are. The least of the runs tells more where
 * others are at work on the machine.
 */
export function rivalsTable(rows: readonly RivalRow[]): Table {
  const ours = rows.find(({ rival }) => rival === OURS)?.milliseconds ?? Number.NaN;
  const head = [
    "",
    "ms",
    "× ours",
    "least ms",
    "ms to first",
    "runs",
    "difference",
    ...CALLS.map(([title]) => title),
    "",
  ];
  return [
    head,
    rows.map(({ rival, milliseconds = Number.NaN, firstMilliseconds = Number.NaN, samples, calls, ...row }) => [
      rival,
      ...[milliseconds, milliseconds / ours, Math.min(...samples), firstMilliseconds].map(figure),
      samples.length > 0 ? String(samples.length) : "–",
      row.difference === undefined || Number.isNaN(row.difference) ? "–" : row.difference.toExponential(1),
      ...CALLS.map(([, name]) => figure(calls?.[name] ?? Number.NaN)),
      row.failure ?? "",
    ]),
  ];
}

/** What the differences of one workload are from; those of one that ran alone are from nothing. */
export function heldAgainst({ rows, referenced }: MatchResult): string {
  if (referenced) return "PyTorch in float64";
  return rows.some(({ difference }) => difference !== undefined) ? "the first that ran" : "nothing";
}

/** Of one run; a dash where nothing is counted. */
const CALLS = [
  ["dispatches", "dispatches"],
  ["submits", "submits"],
  ["buffers made", "buffers"],
  ["bind groups", "bindGroups"],
  ["read-backs", "readBacks"],
] as const;
