import { escaped } from "../html/escaped.ts";
import { page, type Told } from "../html/page.ts";
import { type Bars, htmlTable, logShare, withBars } from "../html/table.ts";
import type { RivalRow } from "./match.ts";
import { OURS } from "./names.ts";
import { rivalsTable } from "./report.ts";
import type { RivalsResult } from "./run.ts";

/** For each workload a table with a bar for each median. */
export const rivalsPage = (result: RivalsResult & Told): string =>
  page(result, {
    title: "webgpu-rnn beside other libraries",
    intro:
      "Milliseconds, medians of runs that took turns; bars are logarithmic and begin at half the shortest time. Counts are " +
      "those of one run after warm-up.",
    sections: result.workloads.map(({ name, hidden, batch, time }) => {
      const rows = result.rows.filter(({ workload }) => workload === name);
      const head = `<h2>${escaped(name)} <small>H ${hidden}, B ${batch}, T ${time}</small></h2>`;
      return `${head}\n${htmlTable(...withBars(rivalsTable(rows), ["time"], barsOf(rows)))}`;
    }),
  });

function barsOf(rows: readonly RivalRow[]): Bars[][] {
  const times = rows.flatMap(({ milliseconds }) => milliseconds ?? []);
  const [from, to] = [Math.min(...times) / 2, Math.max(...times)];
  return rows.map(({ rival, milliseconds = Number.NaN }) => [
    { shares: [logShare(milliseconds, from, to)], tones: [rival === OURS ? 1 : 4] },
  ]);
}
