import { element, show } from "./elements.ts";

interface SliderOptions {
  /** The values it can take, ascending; the positions of the slider are their indexes. */
  choices: readonly number[];
  value: number;
  /** As people read it. Default: the number as it is. */
  format?: (value: number) => string;
}

/** A range input over a list of values, so that a slider may be logarithmic, with its value written beside it. */
export class Slider {
  readonly #input: HTMLInputElement;
  readonly #output: HTMLOutputElement;
  readonly #choices: readonly number[];
  readonly #format: (value: number) => string;

  constructor(id: string, { choices, value, format = String }: SliderOptions) {
    this.#input = element(id, HTMLInputElement);
    this.#output = document.querySelector(`output[for="${id}"]`) as HTMLOutputElement;
    this.#choices = choices;
    this.#format = format;
    Object.assign(this.#input, { min: "0", max: String(choices.length - 1), step: "1" });
    this.#input.addEventListener("input", () => this.#show());
    this.value = value;
  }

  get value(): number {
    return this.#choices[this.#input.valueAsNumber] as number;
  }

  /** Takes the nearest of its choices. */
  set value(wanted: number) {
    const distances = this.#choices.map((choice) => Math.abs(choice - wanted));
    this.#input.valueAsNumber = distances.indexOf(Math.min(...distances));
    this.#show();
  }

  /** @param event "input" while it moves, "change" when it is let go */
  on(event: "input" | "change", listener: () => void): void {
    this.#input.addEventListener(event, listener);
  }

  #show(): void {
    const text = this.#format(this.value);
    this.#input.setAttribute("aria-valuetext", text);
    show(this.#output, text);
  }
}
