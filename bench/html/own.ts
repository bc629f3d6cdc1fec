import { MACHINES } from "../cases.ts";
import type { PlanRow } from "../plans.ts";
import { enduranceTable, planTable, samplingTable, trainingTable } from "../report.ts";
import type { BenchResult } from "../run.ts";
import { chart, charts, legend, type Series } from "./chart.ts";
import { kernelSections } from "./kernels.ts";
import { page, type Told } from "./page.ts";
import { htmlTable, withBars } from "./table.ts";

export function ownPage(result: BenchResult & Told): string {
  const { kernels, ceilings, training, plans, sampling, endurance } = result;
  const slowest = Math.max(...training.map(({ milliseconds }) => milliseconds));
  const bars = training.map(({ milliseconds }) => [{ shares: [milliseconds / slowest], tones: [0] }]);
  const series = (of: (row: PlanRow) => number, unit: string): Series[] =>
    MACHINES.map((name, tone) => ({
      name,
      tone,
      dashed: name === "step",
      points: plans
        .filter(({ machine }) => machine === name)
        .map((row) => ({ x: row.time, y: of(row), label: `${name}, T ${row.time}: ${of(row)} ${unit}` })),
    }));
  const x = { title: "steps, T", ticks: [...new Set(plans.map(({ time }) => time))] };
  const dispatches = series((row) => row.dispatches, "dispatches");
  const memory = series((row) => row.bytes / 1e6, "MB");
  return page(result, {
    title: "webgpu-rnn: a character model",
    intro: "embedding → LSTM → linear → cross-entropy → clip → Adam; medians by the clock.",
    sections: [
      "<h2>A training step</h2>",
      htmlTable(...withBars(trainingTable(training, ceilings), ["time"], bars)),
      legend(dispatches, true),
      charts([
        chart({ title: "Dispatches of a step", x, y: { title: "dispatches" }, series: dispatches, joined: true }),
        chart({ title: "Device memory of a step", x, y: { title: "MB" }, series: memory, joined: true }),
      ]),
      htmlTable(...planTable(plans)),
      ...(sampling ? ["<h2>Sampling, token by token</h2>", htmlTable(...samplingTable(sampling))] : []),
      ...(endurance ? ["<h2>Many tiny steps</h2>", htmlTable(...enduranceTable(endurance))] : []),
      ...kernelSections(kernels, ceilings),
    ],
  });
}
