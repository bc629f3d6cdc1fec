import { roundTicks } from "./ticks.ts";

/** A loss in nats per character, after `step` steps. */
export interface LossPoint {
  step: number;
  loss: number;
}

interface LearningCurve {
  /** The loss of every training step, steps ascending. */
  points: readonly LossPoint[];
  /** The loss on held-out text, measured now and then, steps ascending. */
  validation: readonly LossPoint[];
  title: string;
}

/** Pixels. */
const width = 760;
const height = 420;
const plot = { left: 60, right: width - 20, top: 64, bottom: height - 52 };

const style = `
  text { font: 13px system-ui, sans-serif; fill: #444 }
  .title { font-size: 16px; font-weight: 600; fill: #111 }
  .paper { fill: #fff }
  .grid { stroke: #e4e4e7 }
  .raw { fill: none; stroke: #2563eb; stroke-opacity: 0.35 }
  .smooth { fill: none; stroke: #2563eb; stroke-width: 2; stroke-linejoin: round }
  .held-out { fill: #ea580c }
  .held-out-line { fill: none; stroke: #ea580c; stroke-linejoin: round }
  @media (prefers-color-scheme: dark) {
    text { fill: #b4b4bb }
    .title { fill: #f4f4f5 }
    .paper { fill: #18181b }
    .grid { stroke: #34343a }
    .raw, .smooth { stroke: #60a5fa }
    .held-out { fill: #fb923c }
    .held-out-line { stroke: #fb923c }
  }
`;

/**
 * Draws how the loss fell: each step faintly, their mean over it, held-out losses as dots on a line.
 * Losses that are not finite are left out; without any point the axes stand alone.
 * @returns an SVG document; it follows the reader's light or dark preference
 */
export function learningCurve({ points, validation, title }: LearningCurve): string {
  const losses = points.filter(isFinitePoint);
  const heldOut = validation.filter(isFinitePoint);
  const smooth = smoothed(losses);
  const all = [...losses, ...heldOut];
  const [leastLoss, mostLoss] = extent(all.map(({ loss }) => loss));
  const lossTicks = roundTicks(leastLoss, mostLoss, 6);
  const [firstStep, lastStep] = extent(all.map(({ step }) => step));
  const stepTicks = roundTicks(firstStep, lastStep, 8).filter(
    (step) => Number.isInteger(step) && step >= firstStep && step <= lastStep,
  );
  const x = scale(firstStep, lastStep, plot.left, plot.right);
  const y = scale(lossTicks[0] ?? 0, lossTicks.at(-1) ?? 1, plot.bottom, plot.top);
  const path = (line: readonly LossPoint[]) =>
    thinned(line)
      .map(({ step, loss }, index) => `${index === 0 ? "M" : "L"}${x(step)} ${y(loss)}`)
      .join("");

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"`,
    ` width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="title" x="${plot.left}" y="28">${escaped(title)}</text>`,
    ...lossTicks.map((loss) => {
      const line = `<path class="grid" d="M${plot.left} ${y(loss)}H${plot.right}"/>`;
      return `${line}<text x="${plot.left - 8}" y="${y(loss)}" dy="0.32em" text-anchor="end">${loss}</text>`;
    }),
    ...stepTicks.map((step) => `<text x="${x(step)}" y="${plot.bottom + 20}" text-anchor="middle">${step}</text>`),
    `<text x="${(plot.left + plot.right) / 2}" y="${height - 12}" text-anchor="middle">step</text>`,
    `<text transform="translate(18 ${(plot.top + plot.bottom) / 2}) rotate(-90)" text-anchor="middle">`,
    "loss (nats per character)</text>",
    `<path class="raw" d="${path(losses)}"/>`,
    `<path class="smooth" d="${path(smooth)}"/>`,
    `<path class="held-out-line" d="${path(heldOut)}"/>`,
    ...heldOut.map(({ step, loss }) => `<circle class="held-out" cx="${x(step)}" cy="${y(loss)}" r="4"/>`),
    ...legend(smooth.at(-1), heldOut.at(-1)),
    "</svg>\n",
  ].join("\n");
}

/** What the marks mean, with the last value of each; a mark that is not drawn has no entry. */
function legend(training: LossPoint | undefined, heldOut: LossPoint | undefined): string[] {
  const y = 48;
  const entry = (left: number, mark: string, text: string) => `${mark}<text x="${left + 32}" y="${y}">${text}</text>`;
  const entries: string[] = [];
  if (training !== undefined) {
    const mark = `<path class="smooth" d="M${plot.left} ${y - 4}h24"/>`;
    entries.push(entry(plot.left, mark, `training, mean: ${training.loss.toFixed(3)}`));
  }
  if (heldOut !== undefined) {
    const left = plot.left + 190;
    const mark = `<circle class="held-out" cx="${left + 16}" cy="${y - 4}" r="4"/>`;
    entries.push(entry(left, mark, `held-out text: ${heldOut.loss.toFixed(3)}`));
  }
  return entries;
}

/** The mean over a fortieth of the run around each step: centred, so that it does not lag behind a falling loss. */
function smoothed(points: readonly LossPoint[]): LossPoint[] {
  const reach = Math.floor(points.length / 80);
  const sums = [0];
  for (const { loss } of points) sums.push((sums.at(-1) ?? 0) + loss);
  return points.map(({ step }, index) => {
    const begin = Math.max(0, index - reach);
    const end = Math.min(points.length, index + reach + 1);
    return { step, loss: ((sums[end] ?? 0) - (sums[begin] ?? 0)) / (end - begin) };
  });
}

/** At most two points for each pixel column, the lowest and the highest, so that a long run stays a small file. */
function thinned(points: readonly LossPoint[]): readonly LossPoint[] {
  const columns = plot.right - plot.left;
  if (points.length <= 2 * columns) return points;
  return Array.from({ length: columns }, (_, column) => {
    const begin = Math.floor((column * points.length) / columns);
    const end = Math.floor(((column + 1) * points.length) / columns);
    const byLoss = points.slice(begin, end).sort((a, b) => a.loss - b.loss);
    return [...byLoss.slice(0, 1), ...byLoss.slice(-1)].sort((a, b) => a.step - b.step);
  }).flat();
}

function scale(low: number, high: number, from: number, to: number): (value: number) => string {
  return (value) => (from + ((value - low) / (high - low)) * (to - from)).toFixed(1);
}

/** The least and the most of the values; 0 and 1 without any, and one more than the least where all are equal. */
function extent(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return [low, high > low ? high : low + 1];
}

function isFinitePoint({ loss }: LossPoint): boolean {
  return Number.isFinite(loss);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
