import type { AdapterSummary } from "../../src/gpu/device.ts";
import type { Environment } from "../environment.ts";
import type { Unfinished } from "../keep.ts";
import { CHART_STYLE } from "./chart.ts";
import { escaped } from "./escaped.ts";
import { TABLE_STYLE } from "./table.ts";

/** What every page tells of its run. */
export interface Told extends Environment, Unfinished {
  readonly adapter: string | AdapterSummary;
  readonly failures: readonly string[];
}

export interface Page {
  readonly title: string;
  /** How it was measured; HTML. */
  readonly intro: string;
  /** HTML. */
  readonly sections: readonly string[];
}

/** A result as a page of its own, which loads nothing and follows the reader's light or dark preference. */
export const page = (told: Told, { title, intro, sections }: Page): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}${TABLE_STYLE}${CHART_STYLE}</style>
<h1>${escaped(title)}</h1>
<p class="facts">${factsOf(told).map(escaped).join(" · ")}</p>
<p>${intro}</p>
${failed(told.failures)}
${sections.join("\n")}
</html>
`;

/** The adapter, the load of the machine, versions, commit and date. */
function factsOf({ adapter, loadBefore, versions, commit, date, unfinished }: Told): string[] {
  const { name, software } = typeof adapter === "string" ? { name: adapter, software: false } : adapter;
  const said = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
  return [
    ...(unfinished ? ["stopped before its end"] : []),
    `${name}${software ? " (software)" : ""}`,
    `load before ${loadBefore.toFixed(1)}`,
    ...said,
    ...(commit ? [`commit ${commit}`] : []),
    `${date.slice(0, 16).replace("T", " ")} UTC`,
  ];
}

function failed(failures: readonly string[]): string {
  if (failures.length === 0) return "";
  return `<ul class="failed">\n${failures.map((failure) => `<li>${escaped(failure)}`).join("\n")}\n</ul>`;
}

const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c1c20; --muted: #63636c; --paper: #fff; --line: #e4e4e7; --track: #f1f1f3; --bad: #b91c1c;
  --tone0: #2563eb; --tone1: #ea580c; --tone2: #0d9488; --tone3: #9333ea; --tone4: #71717a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #f4f4f5; --muted: #a8a8b3; --paper: #18181b; --line: #34343a; --track: #26262b; --bad: #f87171;
    --tone0: #60a5fa; --tone1: #fb923c; --tone2: #2dd4bf; --tone3: #c084fc; --tone4: #a1a1aa;
  }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 80rem;
  margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.2rem; margin: 2.5rem 0 0.5rem }
h2 small { font-weight: normal; color: var(--muted) }
p { max-width: 64rem; margin: 0.5rem 0 } .facts { color: var(--muted); font-size: 0.87rem }
.failed { color: var(--bad) }
`;
