import { WebgpuRnnError } from "../src/index.ts";
import { element, show } from "./elements.ts";
import type { Learner } from "./learner.ts";
import { Samples } from "./samples.ts";
import { Slider } from "./slider.ts";

const LENGTH = 320;
/** Milliseconds from the end of a sample to the next one while the model learns. */
const REST = 3000;

/** What the model writes, on request and now and then while it learns. */
export class Writing {
  readonly #prompt = element("prompt", HTMLInputElement);
  readonly #problem = element("prompt-problem", HTMLElement);
  readonly #samples = new Samples(element("samples", HTMLOListElement));
  readonly #temperature: Slider;
  #running = 0;
  #restUntil = 0;

  /** @param changed called after the prompt or the temperature has */
  constructor(temperature: number, changed: () => void) {
    const choices = Array.from({ length: 31 }, (_, i) => i / 20);
    this.#temperature = new Slider("temperature", {
      choices,
      value: temperature,
      format: (value) => (value === 0 ? "0 (always the likeliest)" : value.toFixed(2)),
    });
    this.#temperature.on("change", changed);
    this.#prompt.addEventListener("change", changed);
    this.#prompt.addEventListener("input", () => this.#complain(""));
  }

  get prompt(): string {
    return this.#prompt.value;
  }

  set prompt(text: string) {
    this.#prompt.value = text;
    this.#complain("");
  }

  get temperature(): number {
    return this.#temperature.value;
  }

  /** Begins a sample when it is time for one. */
  async writeWhenDue(learner: Learner): Promise<void> {
    if (this.#running > 0 || performance.now() < this.#restUntil) return;
    await this.write(learner);
  }

  /** Writes a sample; one that is still being written ends there. */
  async write(learner: Learner): Promise<void> {
    this.#running += 1;
    try {
      const prompt = this.prompt || learner.vocabulary.decode([0]);
      const ids = learner.write(prompt, LENGTH, this.temperature);
      element("no-samples", HTMLElement).hidden = true;
      const sample = this.#samples.begin(`Step ${learner.steps.toLocaleString("en")}`, prompt);
      try {
        for await (const id of ids) sample.append(learner.vocabulary.decode([id]));
      } finally {
        sample.end();
      }
    } catch (error) {
      if (learner.disposed) return;
      if (!(error instanceof WebgpuRnnError)) throw error;
      this.#complain(error.message);
    } finally {
      this.#running -= 1;
      this.#restUntil = performance.now() + REST;
    }
  }

  clear(): void {
    this.#samples.clear();
    this.#restUntil = 0;
  }

  #complain(problem: string): void {
    show(this.#problem, problem);
    this.#prompt.setAttribute("aria-invalid", String(problem !== ""));
  }
}
