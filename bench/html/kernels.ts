import { percent } from "../../src/cli/table.ts";
import { type Ceilings, shareOf } from "../ceilings.ts";
import type { KernelRow } from "../kernels.ts";
import { kernelTable } from "../report.ts";
import type { SweepResult } from "../sweep.ts";
import { chart, charts, type Point, type Series } from "./chart.ts";
import { page, type Told } from "./page.ts";
import { type Bars, htmlTable, noted, withBars } from "./table.ts";

/** Kernels of one colour, by how their names begin; the first that fits. */
const PRODUCTS = [
  ["matrix product", /^gemm/],
  ["recurrent machine: scan", /^rnn_scan/],
  ["recurrent machine: step", /^rnn_(step|rows)/],
  ["attention", /^attention/],
  ["others", /^/],
] as const;
const OTHERS = [
  ["recurrent layers", /^(rnn|pack_recurrent|learned_state|merge_directions)/],
  ["embedding and loss", /^(embedding|softmax|element_loss|one_hot)/],
  ["sums and updates", /^(sgd|ada|rmsprop|accumulate|clip|sum|column_sum)/],
  ["other layers", /^/],
] as const;

export const kernelsPage = (result: SweepResult & Told): string =>
  page(result, {
    title: "webgpu-rnn: kernels",
    intro:
      "Every kernel over a few sizes, each checked against its float64 twin before it was timed; medians by the clock.",
    sections: kernelSections(result.kernels, result.ceilings),
  });

/** Two clouds and a line under the adapter's ceilings, and all figures. */
export function kernelSections(kernels: readonly KernelRow[], ceilings: Ceilings): string[] {
  const products = kernels.filter(({ gigaflops }) => gigaflops > 0);
  const others = kernels.filter(({ gigaflops }) => gigaflops === 0);
  const multiplied = seriesOf(products, PRODUCTS, ({ gigaflops, milliseconds }) => [
    gigaflops * milliseconds,
    gigaflops,
  ]);
  const moved = seriesOf(others, OTHERS, ({ gigabytes, milliseconds }) => [gigabytes * milliseconds, gigabytes]);
  const flops = { y: ceilings.gigaflops, name: "multiply-adds alone" };
  const bytes = { y: ceilings.gigabytes, name: "copy alone" };
  const [head, rows] = kernelTable(kernels, ceilings);
  const bars = kernels.map((row) => [barOf(row, ceilings)]);
  return [
    "<h2>Kernels <small>under the adapter's ceilings</small></h2>",
    charts([
      chart({
        title: "What multiplies, by its size",
        x: { title: "MFLOP of the dispatch" },
        y: { title: "GFLOP/s" },
        series: multiplied,
        bound: flops,
        legend: true,
      }),
      squares(kernels, flops),
      chart({
        title: "All other kernels, by their size",
        x: { title: "MB read and written" },
        y: { title: "GB/s" },
        series: moved,
        bound: bytes,
        legend: true,
      }),
    ]),
    "<h2>All figures <small>of the ceiling: multiply-adds for what multiplies, else the copy</small></h2>",
    htmlTable(...noted(withBars([head, rows], ["share of the ceiling"], bars))),
  ];
}

const barOf = (row: KernelRow, ceilings: Ceilings): Bars => ({
  shares: [shareOf(row, ceilings)],
  tones: [row.gigaflops === 0 ? 4 : 1],
});

function seriesOf(
  rows: readonly KernelRow[],
  families: readonly (readonly [name: string, begins: RegExp])[],
  place: (row: KernelRow) => readonly [x: number, y: number],
): Series[] {
  const of = ({ variant }: KernelRow): number => families.findIndex(([, begins]) => begins.test(variant));
  return families.map(([name], tone) => ({
    name,
    tone,
    points: rows.filter((row) => of(row) === tone).map((row) => pointOf(row, place(row))),
  }));
}

const pointOf = ({ variant, label, milliseconds }: KernelRow, [x, y]: readonly [number, number]): Point => ({
  x,
  y,
  label: `${label}: ${variant}, ${milliseconds.toPrecision(3)} ms`,
});

/** Square products by their side, with the tiles for either kind of adapter. */
function squares(kernels: readonly KernelRow[], bound: { readonly y: number; readonly name: string }): string {
  const found = kernels.flatMap((row) => {
    const [, side, tiles] = /^(\d+)³, (.+)$/.exec(row.label) ?? [];
    return side && tiles ? [{ tiles, row, side: Number(side) }] : [];
  });
  const drawn = [...new Set(found.map(({ tiles }) => tiles))].sort().map((name, tone): Series => {
    const own = found.filter(({ tiles }) => tiles === name).toSorted((a, b) => a.side - b.side);
    return { name, tone, points: own.map(({ row, side }) => pointOf(row, [side, row.gigaflops])) };
  });
  const best = found.reduce((most, { row }) => Math.max(most, row.gigaflops || 0), 0);
  return chart({
    title: "Square products, n × n × n",
    x: { title: "n", ticks: [...new Set(found.map(({ side }) => side))] },
    y: { title: "GFLOP/s" },
    series: drawn,
    joined: true,
    bound: { ...bound, name: `${bound.name}; ${percent(best / bound.y)} reached` },
    legend: true,
  });
}
