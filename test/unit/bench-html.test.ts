import { describe, expect, test } from "vitest";
import { chart } from "../../bench/html/chart.ts";
import { cudnnPage } from "../../bench/html/cudnn.ts";
import { growthPage } from "../../bench/html/growth.ts";
import { kernelsPage } from "../../bench/html/kernels.ts";
import { logScale, ticksWithin } from "../../bench/html/scale.ts";
import { stepsPage } from "../../bench/html/steps.ts";
import { htmlTable, withBars } from "../../bench/html/table.ts";
import type { KernelRow } from "../../bench/kernels.ts";
import type { StepRow } from "../../bench/steps-report.ts";
import type { Work } from "../../src/cli/work.ts";

const told = {
  adapter: { name: "some gpu", software: true },
  versions: { "webgpu-rnn": "0.1.0", node: "24.1.0" },
  commit: "abc",
  date: "2026-01-02T03:04:05.678Z",
  loadBefore: 1.25,
  failures: ["what < went wrong"],
};
const ceilings = { gigaflops: 100, gigabytes: 10, tried: {} };

describe("axes", () => {
  test.each([
    [2, 30, [2, 5, 10, 20]],
    [0.09, 12, [0.1, 0.2, 0.5, 1, 2, 5, 10]],
    [0.9, 1200, [1, 3, 10, 30, 100, 300, 1000]],
    [21, 46, [30, 40]],
    [21, 23, [21, 21.5, 22, 22.5, 23]],
    [0.41, 0.47, [0.42, 0.44, 0.46]],
    [1e-6, 12, [1e-6, 1e-4, 1e-2, 1]],
  ])("from %d to %d there are few ticks, at round numbers", (low, high, ticks) => {
    expect(ticksWithin(low, high)).toEqual(ticks);
  });

  test("a power of ten takes the same room everywhere, and the ends have some beside them", () => {
    const { place } = logScale([1, 100], 0, 110);
    expect([1, 10, 100].map((value) => Math.round(place(value)))).toEqual([5, 55, 105]);
    expect(Number.isFinite(logScale([7], 0, 100).place(7))).toBe(true);
  });
});

describe("a chart", () => {
  const point = (x: number, y: number) => ({ x, y, label: `${x} <here>` });
  const drawn = (points: ReturnType<typeof point>[]) =>
    chart({
      title: "A & B",
      x: { title: "n" },
      y: { title: "ms" },
      series: [{ name: "ours", tone: 1, dashed: true, points }],
      joined: true,
      bound: { y: 50, name: "the most" },
      legend: true,
    });

  test("joins what has a number, and leaves the rest out", () => {
    const svg = drawn([point(1, 2), point(2, Number.NaN), point(4, 8)]);
    expect(svg.match(/<circle /g)).toHaveLength(2);
    expect(
      svg.match(/class="line dashed" style="stroke: var\(--tone1\)" d="M[\d.]+ [\d.]+L[\d.]+ [\d.]+"/g),
    ).toHaveLength(1);
    expect(svg).toContain("A &amp; B");
    expect(svg).toContain("<title>1 &lt;here&gt;</title>");
    expect(svg).toContain("the most");
  });

  test("is left out where nothing can be drawn", () => {
    expect(drawn([point(1, Number.NaN)])).toBe("");
  });
});

test("a table aligns figures, escapes words and draws bars within their cells", () => {
  const bars = [[{ shares: [2, Number.NaN], tones: [0, 4], bound: 0.5 }]];
  const html = htmlTable(...withBars([["name", "ms"], [["a <b>", "1,024"]]], ["share"], bars));
  expect(html).toContain('<th class="words">name<th class="words">share<th>ms');
  expect(html).toContain('<td class="words">a &lt;b&gt;');
  expect(html).toContain('<i style="width: 100.0%; background: var(--tone0)"></i><i style="width: 0.0%');
  expect(html).toContain('<b style="left: 50.0%"></b>');
  expect(html).toContain("<td>1,024");
});

/** What every page has. */
function expectPage(html: string): void {
  expect(html).toContain(
    "some gpu (software) · load before 1.3 · webgpu-rnn 0.1.0 · node 24.1.0 · commit abc · 2026-01-02 03:04 UTC",
  );
  expect(html).toContain("<li>what &lt; went wrong");
  expect(html).not.toMatch(/NaN|undefined|\bsrc=|href=|url\(/);
}

const work: Work = { kind: "training", cell: "lstm", hidden: 128, layers: 1, batch: 32, time: 64, machine: "scan" };

test("the page of kernels has clouds under the ceilings, and every figure", () => {
  const row = (variant: string, label: string, gigaflops: number): KernelRow => ({
    ...{ variant, label, gigaflops, plan: "plan", count: 1, shapes: "a[2]", milliseconds: 2, gigabytes: 1 },
    ...{ error: 0, tolerance: 1 },
  });
  const lost = { ...row("clip", "clip", Number.NaN), milliseconds: Number.NaN, gigabytes: Number.NaN, failure: "lost" };
  const products = [64, 128].map((n) => row("gemm WIDE", `${n}³, tiles for software`, n / 2));
  const html = kernelsPage({ ...told, ceilings, kernels: [...products, row("adam", "adam", 0), lost] });
  expectPage(html);
  expect(html).toContain("multiply-adds alone; 64% reached");
  expect(html.match(/<title>128³, tiles for software: gemm WIDE, 2.00 ms/g)).toHaveLength(2);
  expect(html).toContain("<br><small>a[2]</small>");
  expect(html).toContain('<td class="words">lost');
});

test("the page of steps has a line for each cell and machine over each size that changes", () => {
  const steps: StepRow[] = [64, 128].flatMap((time) =>
    (["scan", "step"] as const).map((machine): StepRow => {
      const calls = {
        dispatches: 19,
        submits: 1,
        buffers: 0,
        bindGroups: 0,
        pipelines: 0,
        bytesWritten: 0,
        readBacks: 0,
      };
      return { work: { ...work, machine, time }, milliseconds: time, calls, predictedBytes: 1e6, bytes: 1e6 };
    }),
  );
  const out = { work: { ...work, hidden: 1024 }, leftOut: "left out: 9.0 s at best, above 2 s" };
  const html = stepsPage({ ...told, ceilings, steps: [...steps, out] });
  expectPage(html);
  expect(html.match(/class="title"[^>]*>[^<]+/g)?.map((title) => title.split(">")[1])).toEqual([
    "Time over H",
    "Time over T",
    "Dispatches over T",
  ]);
  expect(html.match(/<path class="line dashed"/g)).toHaveLength(3 + 1);
  expect(html).toContain(out.leftOut);
});

test("the page of growth marks the bound, and what goes beyond it", () => {
  const row = (times: number) => ({
    ...{ small: work, large: work, what: "T", milliseconds: [1, times] as const },
    ...{ predictedBytes: [1e6, 1e7] as const, bytes: [1e6, 1e7] as const },
  });
  const html = growthPage({ ...told, growth: [row(10), row(14), { ...row(1), failure: "lost" }] });
  expectPage(html);
  expect(html.match(/<b style="left: 86.7%">/g)).toHaveLength(3);
  expect(html.match(/width: [\d.]+%; background: var\(--tone\d\)/g)).toEqual([
    "width: 66.7%; background: var(--tone0)",
    "width: 93.3%; background: var(--tone1)",
    "width: 0.0%; background: var(--tone0)",
  ]);
});

test.each([
  [{}, "which was not there", 2],
  [{ cuda: "Some CUDA" }, "(Some CUDA)", 4],
])("the page of cuDNN has room for it beside ours: %j", (found, said, drawn) => {
  const cudnn = { infer_f32: 1, train_f32: 2 };
  const row = { config: "lstm,64,64,1,32,64", ours: { infer: 2, train: 8 }, ...("cuda" in found ? { cudnn } : {}) };
  const html = cudnnPage({ ...told, ...found, rows: [row] });
  expectPage(html);
  expect(html).toContain(said);
  expect(html.match(/width: (?!0\.0%)[\d.]+%; background/g)).toHaveLength(drawn);
  // A ratio stands beside the time that it is of; what nobody measured has no column.
  const head = [...html.matchAll(/<th[^>]*>([^<\n]*)/g)].map(([, title]) => title);
  const ratio = "cuda" in found ? ["× cuDNN"] : [];
  expect(head.slice(3)).toEqual([
    ...["infer, ms", ...ratio, "train, ms", ...ratio],
    ...("cuda" in found ? ["cuDNN infer f32", "cuDNN train f32"] : []),
  ]);
});
