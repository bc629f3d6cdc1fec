import { figure } from "../../src/cli/table.ts";
import { escaped } from "./escaped.ts";
import { logScale, type Scale } from "./scale.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Told where a reader points at it. */
  readonly label: string;
}

export interface Series {
  readonly name: string;
  /** Colour, by its place in the page's style. */
  readonly tone: number;
  readonly dashed?: boolean;
  /** Those with a number that is not above 0 are left out. */
  readonly points: readonly Point[];
}

export interface Axis {
  /** With the unit. */
  readonly title: string;
  /** Numbers that stand at it; undefined: round ones. */
  readonly ticks?: readonly number[];
}

export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Whether points of a series are joined. */
  readonly joined?: boolean;
  /** A line across, with its name. */
  readonly bound?: { readonly y: number; readonly name: string };
  /** Values that the y axis reaches beside its own, for charts that stand side by side. */
  readonly reach?: readonly number[];
  /** Whether its colours are told below it; otherwise by a {@link legend} for several. */
  readonly legend?: boolean;
}

/** Pixels. */
const WIDTH = 380;
const HEIGHT = 270;
const PLOT = { left: 48, right: WIDTH - 14, top: 52, bottom: HEIGHT - 42 };

/** An SVG with two logarithmic axes; empty where no point can be drawn. */
export function chart({ title, x, y, series, joined = false, bound, reach = [], legend: told = false }: Chart): string {
  const drawn = series.map((each) => ({ ...each, points: each.points.filter(isDrawn) }));
  const points = drawn.flatMap((each) => each.points);
  if (points.length === 0) return "";
  const across = logScale(points.map((point) => point.x).concat(x.ticks ?? []), PLOT.left, PLOT.right);
  const heights = [
    ...points.map((point) => point.y),
    ...(bound ? [bound.y] : []),
    ...reach.filter((value) => value > 0),
  ];
  const up = logScale(heights, PLOT.bottom, PLOT.top);
  return [
    "<figure>",
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    `<text class="title" x="0" y="16">${escaped(title)}</text>`,
    `<text x="0" y="38">${escaped(y.title)}</text>`,
    ...up.ticks.map((tick) => horizontal(tick, up)),
    ...(x.ticks ?? across.ticks).map((tick) => text(across.place(tick), PLOT.bottom + 18, figure(tick), "middle")),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 6, x.title, "middle"),
    ...(bound ? [boundary(bound, up)] : []),
    ...drawn.map((each) => mark(each, joined, across, up)),
    "</svg>",
    ...(told
      ? [
          legend(
            drawn.filter((each) => each.points.length > 0),
            joined,
          ),
        ]
      : []),
    "</figure>",
  ].join("\n");
}

/** Charts side by side. */
export const charts = (all: readonly string[]): string => `<div class="charts">\n${all.join("\n")}\n</div>`;

/** What the colours and dashes of some charts mean. */
export function legend(series: readonly Pick<Series, "name" | "tone" | "dashed">[], joined = false): string {
  const entries = series.map(({ name, tone, dashed }) => {
    const sign = joined
      ? `<path class="line${dashed ? " dashed" : ""}" style="stroke: var(--tone${tone})" d="M0 6h26"/>`
      : `<circle style="fill: var(--tone${tone})" cx="20" cy="6" r="4"/>`;
    return `<span><svg viewBox="0 0 26 12" width="26" height="12">${sign}</svg> ${escaped(name)}</span>`;
  });
  return `<p class="legend">${entries.join("\n")}</p>`;
}

const isDrawn = ({ x, y }: Point): boolean => x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y);

function horizontal(tick: number, up: Scale): string {
  const y = up.place(tick);
  return `<path class="grid" d="M${PLOT.left} ${y.toFixed(1)}H${PLOT.right}"/>${text(PLOT.left - 6, y + 4, figure(tick), "end")}`;
}

function boundary({ y, name }: { readonly y: number; readonly name: string }, up: Scale): string {
  const at = up.place(y);
  const line = `<path class="bound" d="M${PLOT.left} ${at.toFixed(1)}H${PLOT.right}"/>`;
  return `${line}${text(PLOT.right, at - 5, name, "end")}`;
}

function mark({ tone, dashed, points }: Series, joined: boolean, across: Scale, up: Scale): string {
  const at = ({ x, y }: Point): string => `${across.place(x).toFixed(1)} ${up.place(y).toFixed(1)}`;
  const line = joined
    ? [
        `<path class="line${dashed ? " dashed" : ""}" style="stroke: var(--tone${tone})" d="M${points.map(at).join("L")}"/>`,
      ]
    : [];
  const dots = points.map((point) => {
    const [cx, cy] = at(point).split(" ");
    return `<circle cx="${cx}" cy="${cy}" r="${joined ? 3 : 3.5}"><title>${escaped(point.label)}</title></circle>`;
  });
  const look = joined ? "" : ' fill-opacity="0.7"';
  return [...line, `<g style="fill: var(--tone${tone})"${look}>${dots.join("")}</g>`].join("\n");
}

const text = (x: number, y: number, words: string, anchor: "middle" | "end"): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(words)}</text>`;

export const CHART_STYLE = `
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr)); gap: 1.2rem 1.5rem; margin: 0.5rem 0 1rem }
figure { margin: 0 } figure > svg { width: 100% } svg text { font: 12px system-ui, sans-serif; fill: var(--muted) }
svg .title { font-size: 13px; font-weight: 600; fill: var(--ink) } svg .grid { stroke: var(--line) }
svg .line { fill: none; stroke-width: 1.8; stroke-linejoin: round } svg .dashed { stroke-dasharray: 5 3 }
svg .bound { stroke: var(--ink); stroke-dasharray: 2 3 }
.legend { color: var(--muted); font-size: 0.87rem } .legend span { margin-right: 1rem; white-space: nowrap }
.legend svg { vertical-align: -1px }
`;
