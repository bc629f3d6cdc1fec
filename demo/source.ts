import { element, show } from "./elements.ts";
import { builtInTexts } from "./texts.ts";

const OWN = "own";
/** Longer texts are shown by their beginning only: a text area of megabytes makes every key press wait. */
const MOST_SHOWN = 200_000;

/** The text to learn from: a built-in one, or what was pasted, typed or opened. */
export class Source {
  readonly #choice = element("texts", HTMLSelectElement);
  readonly #area = element("text", HTMLTextAreaElement);
  readonly #changed: () => void;
  /** A text too long for the text area. */
  #long: string | undefined;
  #different = 0;

  /** @param changed called after the text has changed, whatever the reason */
  constructor(changed: () => void) {
    this.#changed = changed;
    for (const { id, title } of builtInTexts) this.#choice.add(new Option(title, id));
    this.#choice.add(new Option("A text of your own", OWN));
    this.#choice.addEventListener("change", () => this.choose(this.#choice.value));
    this.#area.addEventListener("input", () => {
      this.#choice.value = OWN;
      this.#update();
    });
  }

  get text(): string {
    return this.#long ?? this.#area.value;
  }

  /** How many different characters the text has. */
  get different(): number {
    return this.#different;
  }

  /** The id of the built-in text, or `own`. */
  get id(): string {
    return this.#choice.value;
  }

  /** Goes over to a built-in text, or to an empty text area. */
  async choose(id: string): Promise<void> {
    const text = builtInTexts.find((builtIn) => builtIn.id === id);
    this.#choice.value = text?.id ?? OWN;
    this.#show((await text?.read()) ?? "");
    if (!text) this.#area.focus();
  }

  /** Takes a text of one's own. */
  open(text: string): void {
    this.#choice.value = OWN;
    this.#show(text);
  }

  #show(text: string): void {
    this.#long = text.length > MOST_SHOWN ? text : undefined;
    this.#area.readOnly = this.#long !== undefined;
    this.#area.value = text.slice(0, MOST_SHOWN);
    this.#area.scrollTop = 0;
    this.#update();
  }

  #update(): void {
    const { text } = this;
    this.#different = new Set(text).size;
    const counts = `${text.length.toLocaleString("en")} characters, ${this.#different} different`;
    const shown = this.#long ? `; the box shows the first ${MOST_SHOWN.toLocaleString("en")}` : "";
    show(element("text-facts", HTMLElement), `${counts}${shown}. The last tenth is held out to measure.`);
    this.#changed();
  }
}
