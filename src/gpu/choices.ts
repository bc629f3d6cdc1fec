/** Where what was found out about an adapter outlives the program; one text for each adapter. */
export interface Cache {
  read(adapter: string): Promise<string | undefined>;
  write(adapter: string, text: string): Promise<void>;
}

/** Of the text: another is ignored. */
const FORMAT = 1;

/** What timing has settled on an adapter, by what was to be chosen: read from a cache, written with each finding. */
export class Choices {
  readonly #adapter: string;
  readonly #cache: Cache;
  readonly #found = new Map<string, string>();
  readonly #read: Promise<void>;

  /** @param adapter its name, which the cache is asked for */
  constructor(adapter: string, cache: Cache) {
    this.#adapter = adapter;
    this.#cache = cache;
    this.#read = this.#load();
  }

  /** What is settled so far. */
  get found(): ReadonlyMap<string, string> {
    return new Map(this.#found);
  }

  /** Resolves when the cache has been read. */
  ready(): Promise<void> {
    return this.#read;
  }

  /**
   * Keeps what was found beside what other programs have found meanwhile; a cache that cannot be written costs the next
   * program its time and nothing else.
   */
  async add(keys: Iterable<string>, choice: string): Promise<void> {
    for (const key of keys) this.#found.set(key, choice);
    const choices = Object.fromEntries([...(await this.#cached()), ...this.#found]);
    const text = JSON.stringify({ format: FORMAT, adapter: this.#adapter, choices });
    await this.#cache.write(this.#adapter, text).catch(() => undefined);
  }

  async #load(): Promise<void> {
    for (const [key, choice] of await this.#cached()) this.#found.set(key, choice);
  }

  async #cached(): Promise<[string, string][]> {
    return entriesOf(await this.#cache.read(this.#adapter).catch(() => undefined), this.#adapter);
  }
}

/** What a text of the cache says; nothing where it is damaged, of another adapter or of another format. */
function entriesOf(text: string | undefined, adapter: string): [string, string][] {
  try {
    const told = JSON.parse(text ?? "");
    if (told.format !== FORMAT || told.adapter !== adapter) return [];
    const entries = Object.entries(told.choices) as [string, unknown][];
    return entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  } catch {
    return [];
  }
}
