import { isFigure } from "../../src/cli/table.ts";
import type { Table } from "../report.ts";
import { escaped } from "./escaped.ts";

/** Numbers as bars of one cell, above each other. */
export interface Bars {
  /** Shares of the cell's width, from 0 to 1; NaN leaves a gap. */
  readonly shares: readonly number[];
  /** Colours by their place in the page's style, one a bar. */
  readonly tones: readonly number[];
  /** Where a line stands for a bound, as a share of the width. */
  readonly bound?: number;
}

/** Words with less important ones below. */
interface Noted {
  readonly text: string;
  readonly note: string;
}

export type Cell = string | Bars | Noted;

/** Rows under a head; a column of figures is right-aligned. */
export function htmlTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const figures = head.map((_, c) => rows.every((row) => isFigures(row[c])));
  const titles = head.map((title, c) => `<th${figures[c] ? "" : ' class="words"'}>${escaped(title)}`);
  const lines = rows.map((row) => `<tr>${head.map((_, c) => cell(row[c] ?? "", figures[c])).join("")}`);
  return `<div class="scroll"><table>\n<tr>${titles.join("")}\n${lines.join("\n")}\n</table></div>`;
}

const isFigures = (content: Cell = ""): boolean => typeof content === "string" && (!content || isFigure(content));

/** A table with columns of bars behind its first. */
export function withBars(
  [head, rows]: Table,
  titles: readonly string[],
  bars: readonly (readonly Bars[])[],
): [head: string[], rows: Cell[][]] {
  const [first = "", ...others] = head;
  return [[first, ...titles, ...others], rows.map(([name = "", ...cells], i) => [name, ...(bars[i] ?? []), ...cells])];
}

/** The last column, long words where there are any, below the first. */
export const noted = ([head, rows]: [head: string[], rows: Cell[][]]): [head: string[], rows: Cell[][]] => [
  head.slice(0, -1),
  rows.map(([first = "", ...cells]) => {
    const [text, note] = [first as string, cells.at(-1) as string];
    return [note ? { text, note } : text, ...cells.slice(0, -1)];
  }),
];

/** A share of the way from `from` to `to`, both above 0, as a logarithmic scale has it. */
export const logShare = (value: number, from: number, to: number): number =>
  Math.log(value / from) / Math.log(to / from);

/** Letters that a cell may have before it breaks into lines. */
const LONG = 28;

function cell(content: Cell, figures = false): string {
  if (typeof content === "string") {
    const kind = figures ? "" : ` class="words${content.length > LONG ? " long" : ""}"`;
    return `<td${kind}>${escaped(content)}`;
  }
  if ("note" in content)
    return `<td class="words long">${escaped(content.text)}<br><small>${escaped(content.note)}</small>`;
  const { shares, tones, bound } = content;
  const bars = shares.map(
    (share, i) => `<i style="width: ${width(share)}; background: var(--tone${tones[i] ?? 0})"></i>`,
  );
  return `<td class="bars"><div>${bars.join("")}${bound === undefined ? "" : `<b style="left: ${width(bound)}"></b>`}</div>`;
}

const width = (share: number): string => `${(100 * Math.min(1, Math.max(0, share || 0))).toFixed(1)}%`;

export const TABLE_STYLE = `
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; font-variant-numeric: tabular-nums }
th, td { padding: 0.2rem 0.45rem; text-align: right; border-bottom: 1px solid var(--line) } td { white-space: nowrap }
th { color: var(--muted); font-weight: normal; vertical-align: bottom } .words { text-align: left }
td.long { white-space: normal; overflow-wrap: anywhere; min-width: 9rem } td.long:first-child { min-width: 16rem } td small { color: var(--muted) }
td.bars { width: 24%; min-width: 8rem } td.bars div { position: relative; background: var(--track) }
td.bars i { display: block; height: 0.7rem } td.bars i + i { margin-top: 1px; height: 0.7rem }
td.bars b { position: absolute; top: -0.15rem; bottom: -0.15rem; border-left: 2px solid var(--ink) }
`;
