/** Older ones leave the page. */
const MOST_SAMPLES = 12;
/** Letters come from the GPU 64 at a time; they are written out over about so many milliseconds. */
const SPREAD = 400;

/** The list of what the model wrote, the latest first. */
export class Samples {
  readonly #list: HTMLOListElement;

  constructor(list: HTMLOListElement) {
    this.#list = list;
  }

  /** A new sample on top. */
  begin(heading: string, prompt: string): Sample {
    const item = document.createElement("li");
    const title = document.createElement("h3");
    const text = document.createElement("p");
    const begun = document.createElement("b");
    title.textContent = heading;
    begun.textContent = prompt;
    text.append(begun);
    item.append(title, text);
    this.#list.prepend(item);
    while (this.#list.children.length > MOST_SAMPLES) this.#list.lastElementChild?.remove();
    return new Sample(item, text);
  }

  clear(): void {
    this.#list.replaceChildren();
  }
}

/** A text that is being written. */
class Sample {
  readonly #item: HTMLElement;
  readonly #text = new Text();
  #waiting = "";
  #ended = false;
  #last = performance.now();

  constructor(item: HTMLElement, paragraph: HTMLElement) {
    this.#item = item;
    item.dataset.writing = "";
    paragraph.append(this.#text);
    requestAnimationFrame((now) => this.#write(now));
  }

  append(text: string): void {
    this.#waiting += text;
  }

  /** Nothing more will come. */
  end(): void {
    this.#ended = true;
  }

  /** Moves to the page what is due with this frame. */
  #write(now: number): void {
    const due = Math.ceil((64 * (now - this.#last)) / SPREAD);
    this.#last = now;
    if (this.#waiting !== "") {
      this.#text.appendData(this.#waiting.slice(0, due));
      this.#waiting = this.#waiting.slice(due);
    }
    if (this.#ended && this.#waiting === "") delete this.#item.dataset.writing;
    else requestAnimationFrame((next) => this.#write(next));
  }
}
