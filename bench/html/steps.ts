import { KINDS, type Kind, WORK_CELLS, type Work } from "../../src/cli/work.ts";
import { MACHINES } from "../cases.ts";
import type { StepsResult } from "../steps.ts";
import { STEP_HEAD, type StepRow, stepCells, workText } from "../steps-report.ts";
import { chart, charts, legend, type Series } from "./chart.ts";
import { page, type Told } from "./page.ts";
import { htmlTable } from "./table.ts";

const SIZES = [
  ["hidden", "H", "hidden units, H"],
  ["batch", "B", "rows, B"],
  ["time", "T", "steps, T"],
  ["layers", "L", "layers, L"],
] as const;
type Size = (typeof SIZES)[number][0];

export const stepsPage = (result: StepsResult & Told): string =>
  page(result, {
    title: "webgpu-rnn: training, inference and sampling",
    intro:
      "A character model, one size changed at a time; medians by the clock. “products” is the share of the time that its " +
      "multiplications would take by themselves at the adapter's ceiling.",
    sections: KINDS.flatMap((kind) => sectionsOf(result, kind)),
  });

function sectionsOf({ steps, ceilings }: StepsResult, kind: Kind): string[] {
  const rows = steps.filter(({ work }) => work.kind === kind);
  if (rows.length === 0) return [];
  const centre = centreOf(rows);
  const others = SIZES.map(([size, letter]) => `${letter} ${centre[size]}`).join(", ");
  const reach = rows.flatMap(({ milliseconds }) => milliseconds ?? []);
  const plots = SIZES.flatMap(([size, letter, title]) => [
    plot(rows, centre, { size, title, head: `Time over ${letter}`, unit: "ms", of: (row) => row.milliseconds, reach }),
    ...(size === "time"
      ? [
          plot(rows, centre, {
            size,
            title,
            head: "Dispatches over T",
            unit: "dispatches",
            of: (row) => row.calls?.dispatches,
          }),
        ]
      : []),
  ]);
  const name = `${kind[0]?.toUpperCase()}${kind.slice(1)}`;
  return [
    `<h2>${name} <small>where nothing else is said: ${others}</small></h2>`,
    legend(seriesOf(rows), true),
    charts(plots),
    htmlTable(
      STEP_HEAD.filter((title) => title !== "kind"),
      rows.map((row) => stepCells(row, ceilings).filter((_, c) => STEP_HEAD[c] !== "kind")),
    ),
  ];
}

/** The sizes that most rows have. */
function centreOf(rows: readonly StepRow[]): Record<Size, number> {
  const commonest = (size: Size): number => {
    const counts = new Map<number, number>();
    for (const { work } of rows) counts.set(work[size], (counts.get(work[size]) ?? 0) + 1);
    return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
  };
  return Object.fromEntries(SIZES.map(([size]) => [size, commonest(size)])) as Record<Size, number>;
}

interface Plotted {
  readonly size: Size;
  /** Of the axis. */
  readonly title: string;
  readonly head: string;
  readonly unit: string;
  of(row: StepRow): number | undefined;
  readonly reach?: readonly number[];
}

/** Lines over one size while the others stay; nothing where it does not change. */
function plot(rows: readonly StepRow[], centre: Record<Size, number>, plotted: Plotted): string {
  const { size, title, head, unit, of, reach = [] } = plotted;
  const along = rows.filter(({ work }) => SIZES.every(([other]) => other === size || work[other] === centre[other]));
  const ticks = [...new Set(along.map(({ work }) => work[size]))].toSorted((a, b) => a - b);
  if (ticks.length < 2) return "";
  const series = seriesOf(along).map(({ own, ...each }): Series => {
    const sorted = own.toSorted((a, b) => a.work[size] - b.work[size]);
    const points = sorted.map((row) => {
      const y = of(row) ?? Number.NaN;
      return { x: row.work[size], y, label: `${workText(row.work)}: ${y.toPrecision(3)} ${unit}` };
    });
    return { ...each, points };
  });
  return chart({ title: head, x: { title, ticks }, y: { title: unit }, series, joined: true, reach });
}

/** A line for each cell on each machine that there is. */
function seriesOf(rows: readonly StepRow[]) {
  const machines: readonly Work["machine"][] = [...MACHINES, undefined];
  return Object.keys(WORK_CELLS).flatMap((cell, tone) =>
    machines.flatMap((machine) => {
      const own = rows.filter(({ work }) => work.cell === cell && work.machine === machine);
      const name = machine ? `${cell}, ${machine}` : cell;
      return own.length > 0 ? [{ name, tone, dashed: machine === "step", own }] : [];
    }),
  );
}
