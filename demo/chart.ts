import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { History, Point } from "./history.ts";

const HEIGHT = 240;
/** Distances of the ticks on the axis of steps. */
const WHOLE = Array.from({ length: 24 }, (_, i) => ([1, 2, 5][i % 3] as number) * 10 ** Math.floor(i / 3));
/** Of the series, in the legend; unlike the canvas, it understands variables, so it follows a change of theme by itself. */
const MARKERS = ["", "", "var(--training)", "var(--held-out)", "var(--quiet)"];

/** The learning curve: every loss faintly, their mean over it, held-out losses as dots; nats left, bits right. */
export class Chart {
  readonly #frame: HTMLElement;
  readonly #plot: uPlot;
  #pending = 0;

  constructor(frame: HTMLElement) {
    this.#frame = frame;
    const colour = (name: string) => () => getComputedStyle(frame).getPropertyValue(name);
    const value: uPlot.Series.Value = (_, loss) => loss?.toFixed(3) ?? "";
    const axis = { stroke: colour("--quiet"), font: "12px system-ui, sans-serif", ticks: { show: false } };
    this.#plot = new uPlot(
      {
        width: this.#width,
        height: HEIGHT,
        cursor: { y: false, drag: { setScale: false, x: false, y: false } },
        legend: { markers: { stroke: (_, series) => MARKERS[series] as string } },
        scales: {
          x: { time: false },
          nats: { range: { min: { pad: 0.06 }, max: { pad: 0.06 } } },
          bits: { from: "nats", range: (_, low, high) => [low / Math.LN2, high / Math.LN2] },
        },
        axes: [
          { ...axis, grid: { show: false }, incrs: WHOLE, ...named("step"), size: 28 },
          { ...axis, scale: "nats", grid: { stroke: colour("--line"), width: 1 }, size: 32, ...named("nats") },
          { ...axis, scale: "bits", side: 1, grid: { show: false }, size: 32, ...named("bits") },
        ],
        series: [
          { label: "step", value: (_, step) => step?.toLocaleString("en") ?? "" },
          {
            scale: "nats",
            label: "each",
            stroke: colour("--training-faint"),
            width: 1,
            value,
            points: { show: false },
          },
          { scale: "nats", label: "training", stroke: colour("--training"), width: 2, value, points: { show: false } },
          {
            scale: "nats",
            label: "held-out",
            stroke: colour("--held-out"),
            value,
            paths: () => null,
            points: { show: true, size: 7, fill: colour("--held-out") },
          },
          {
            scale: "nats",
            label: "guessing by letter frequency",
            stroke: colour("--quiet"),
            width: 1,
            dash: [4, 4],
            value,
            points: { show: false },
          },
        ],
      },
      [[], [], [], [], []],
      frame,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: this.#width, height: HEIGHT })).observe(frame);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#plot.redraw());
  }

  /** Draws with the next frame, however often it is called before. */
  draw(history: History, frequencyLoss: number): void {
    cancelAnimationFrame(this.#pending);
    this.#pending = requestAnimationFrame(() => {
      const { losses, smooth, heldOut } = history;
      const steps = [...losses, ...heldOut].map(({ step }) => step);
      const ends = [Math.min(...steps), Math.max(...steps)].map((step) => ({ step, loss: frequencyLoss }));
      const lines = [losses, smooth, heldOut, steps.length > 0 ? ends : []].map(columns);
      this.#plot.setData(uPlot.join(lines));
      const latest = smooth.at(-1);
      const described = latest ? ` At step ${latest.step}: ${latest.loss.toFixed(2)} nats.` : "";
      this.#frame.setAttribute("aria-label", `Learning curve: loss over training steps.${described}`);
    });
  }

  get #width(): number {
    return this.#frame.clientWidth;
  }
}

function named(unit: string): uPlot.Axis {
  return { label: unit, labelSize: 18, labelFont: "12px system-ui, sans-serif" };
}

function columns(points: readonly Point[]): uPlot.AlignedData {
  return [points.map(({ step }) => step), points.map(({ loss }) => loss)];
}
