import { figure } from "../../src/cli/table.ts";
import type { RivalRow } from "./match.ts";
import { OURS } from "./names.ts";
import type { RivalsResult } from "./run.ts";

/** A result as a page of its own: for each workload a table with a bar for each median. */
export function htmlReport(
  result: RivalsResult & { readonly date: string; readonly commit?: string | undefined },
): string {
  const { adapter, versions, loadBefore, workloads, rows, date, commit } = result;
  const said = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const facts = [adapter, `load ${loadBefore.toFixed(1)}`, ...said, ...(commit ? [`commit ${commit}`] : []), date];
  const sections = workloads.map(({ name, batch, time }) => {
    const own = rows.filter(({ workload }) => workload === name);
    return `<h2>${escaped(name)} <small>B ${batch}, T ${time}</small></h2>\n<table>\n${bars(own)}\n</table>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>webgpu-rnn beside other libraries</title>
<style>${STYLE}</style>
<h1>webgpu-rnn beside other libraries</h1>
<p>Milliseconds, medians of runs that took turns; bars are logarithmic and begin at half the shortest time. Counts are those
of one run after warm-up. ${facts.map(escaped).join(" · ")}</p>
${sections.join("\n")}
</html>
`;
}

const STYLE = `body { font: 16px system-ui; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
table { width: 100%; border-spacing: 0 0.25rem } td { white-space: nowrap; padding-right: 1rem }
td:nth-child(2) { width: 60% } td:nth-child(n + 3) { text-align: right; font-variant-numeric: tabular-nums }
td.failure { white-space: normal; text-align: left } small { font-weight: normal }
i { display: block; height: 1rem; background: #8aa } .ours i { background: #e70 }`;

function bars(rows: readonly RivalRow[]): string {
  const times = rows.flatMap(({ milliseconds }) => milliseconds ?? []);
  const [from, to] = [Math.min(...times) / 2, Math.max(...times)];
  const ours = rows.find(({ rival }) => rival === OURS)?.milliseconds ?? Number.NaN;
  const head = "<tr><td><td><td>ms<td>× ours<td>dispatches<td>submits<td>buffers made";
  const lines = rows.map(({ rival, milliseconds, calls, failure }) => {
    const begin = `<tr${rival === OURS ? ' class="ours"' : ""}><td>${escaped(rival)}`;
    if (milliseconds === undefined) return `${begin}<td class="failure" colspan="6">${escaped(failure ?? "not timed")}`;
    const width = (100 * Math.log(milliseconds / from)) / Math.log(to / from);
    const counts = [calls?.dispatches, calls?.submits, calls?.buffers].map((count) => figure(count ?? Number.NaN));
    const figures = [figure(milliseconds), figure(milliseconds / ours), ...counts];
    return `${begin}<td><i style="width: ${width.toFixed(1)}%"></i>${figures.map((each) => `<td>${each}`).join("")}`;
  });
  return [head, ...lines].join("\n");
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
