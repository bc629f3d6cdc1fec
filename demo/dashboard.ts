import type { FitEvent } from "../src/index.ts";
import { Chart } from "./chart.ts";
import { element, show } from "./elements.ts";
import { History, type Point } from "./history.ts";
import type { Report } from "./train.ts";

/** What each look leaves of the speed shown; at five looks a second it remembers about one. */
const SPEED_MEMORY = 0.8;

const readings = {
  loss: element("loss", HTMLElement),
  bits: element("bits", HTMLElement),
  heldOut: element("held-out", HTMLElement),
  steps: element("steps", HTMLElement),
  speed: element("speed", HTMLElement),
};

/** The numbers and the curve of a run. */
export class Dashboard implements Report {
  readonly #chart = new Chart(element("chart", HTMLElement));
  #history = new History();
  #speed: number | undefined;
  #frequencyLoss = Number.NaN;

  /** For a run that begins; the line that it has to beat is drawn once there are losses. */
  begin(frequencyLoss: number): void {
    this.#frequencyLoss = frequencyLoss;
    this.#speed = undefined;
  }

  /** For another model. */
  clear(): void {
    this.#history = new History();
    for (const reading of Object.values(readings)) show(reading, "–");
    this.#draw();
  }

  event(event: FitEvent): void {
    if (event.kind === "step") this.#step(event);
    if (event.kind === "validation") this.#heldOut(event);
  }

  #step({ step, loss }: Point): void {
    this.#history.add({ step, loss });
    const { latest } = this.#history;
    if (latest === undefined) return;
    show(readings.loss, latest.toFixed(3));
    show(readings.bits, (latest / Math.LN2).toFixed(2));
    show(readings.steps, step.toLocaleString("en"));
    this.#draw();
  }

  #heldOut({ step, loss }: Point): void {
    if (this.#history.heldOut.at(-1)?.step === step) return;
    this.#history.heldOut.push({ step, loss });
    show(readings.heldOut, loss.toFixed(3));
    this.#draw();
  }

  speed(tokensPerSecond: number): void {
    this.#speed = SPEED_MEMORY * (this.#speed ?? tokensPerSecond) + (1 - SPEED_MEMORY) * tokensPerSecond;
    show(readings.speed, Number(this.#speed.toPrecision(3)).toLocaleString("en"));
  }

  #draw(): void {
    element("no-losses", HTMLElement).hidden = this.#history.losses.length > 0;
    this.#chart.draw(this.#history, this.#frequencyLoss);
  }
}
