/** What was asked of WebGPU. */
export interface Calls {
  readonly dispatches: number;
  readonly submits: number;
  readonly buffers: number;
  readonly bindGroups: number;
  readonly pipelines: number;
  /** Bytes of `writeBuffer`. */
  readonly bytesWritten: number;
  /** Buffers mapped for reading. */
  readonly readBacks: number;
}

/** Buffers made and not destroyed. */
export interface LiveBuffers {
  readonly count: number;
  readonly bytes: number;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Classes = Readonly<Record<string, { readonly prototype: Record<string, Method> } | undefined>>;

const NONE: Calls = {
  dispatches: 0,
  submits: 0,
  buffers: 0,
  bindGroups: 0,
  pipelines: 0,
  bytesWritten: 0,
  readBacks: 0,
};

const NAMES = Object.keys(NONE) as (keyof Calls)[];

/** Counts calls by wrapping WebGPU's prototypes, so that nothing that any library does can go uncounted. */
export class CallCounter {
  #calls = { ...NONE };
  #live = { count: 0, bytes: 0 };
  readonly #sizes = new WeakMap<object, number>();

  /** @param classes holds WebGPU's classes by name, as `globalThis` does in a browser; they stay wrapped */
  constructor(classes: object) {
    const count = (name: keyof Calls) => () => this.#add(name, 1);
    const on = (owner: string, method: string, note: (args: unknown[], result: unknown, self: unknown) => void) =>
      wrap((classes as Classes)[owner]?.prototype, method, note);
    on("GPUComputePassEncoder", "dispatchWorkgroups", count("dispatches"));
    on("GPUComputePassEncoder", "dispatchWorkgroupsIndirect", count("dispatches"));
    // An empty one carries no work: by it Firefox is asked whether it is done.
    on("GPUQueue", "submit", ([commands]) => this.#add("submits", (commands as unknown[]).length > 0 ? 1 : 0));
    on("GPUQueue", "writeBuffer", ([, , ...data]) => this.#add("bytesWritten", bytesOf(data as WrittenData)));
    on("GPUDevice", "createBindGroup", count("bindGroups"));
    on("GPUDevice", "createComputePipeline", count("pipelines"));
    on("GPUDevice", "createComputePipelineAsync", count("pipelines"));
    on("GPUDevice", "createBuffer", (_, buffer) => this.#born(buffer as GPUBuffer));
    on("GPUBuffer", "destroy", (_args, _result, buffer) => this.#died(buffer as GPUBuffer));
    on("GPUBuffer", "mapAsync", count("readBacks"));
  }

  /** Of the buffers made since the counter was. */
  get live(): LiveBuffers {
    return { ...this.#live };
  }

  /** What was asked of WebGPU while `run` ran. */
  async during(run: () => Promise<unknown>): Promise<Calls> {
    const before = { ...this.#calls };
    await run();
    const counted = { ...this.#calls };
    for (const name of NAMES) counted[name] -= before[name];
    return counted;
  }

  #add(name: keyof Calls, amount: number): void {
    this.#calls[name] += amount;
  }

  #born(buffer: GPUBuffer): void {
    this.#add("buffers", 1);
    this.#sizes.set(buffer, buffer.size);
    this.#live.count += 1;
    this.#live.bytes += buffer.size;
  }

  /** A buffer may be destroyed twice. */
  #died(buffer: GPUBuffer): void {
    const size = this.#sizes.get(buffer);
    if (size === undefined) return;
    this.#sizes.delete(buffer);
    this.#live.count -= 1;
    this.#live.bytes -= size;
  }
}

function wrap(
  prototype: Record<string, Method> | undefined,
  name: string,
  note: (args: unknown[], result: unknown, self: unknown) => void,
): void {
  const original = prototype?.[name];
  if (!prototype || !original) throw new Error(`there is no ${name} to be counted`);
  prototype[name] = function (this: unknown, ...args) {
    const result = original.apply(this, args);
    note(args, result, this);
    return result;
  };
}

type WrittenData = [
  data: ArrayBuffer | (ArrayBufferView & { BYTES_PER_ELEMENT?: number }),
  start?: number,
  size?: number,
];

/** Start and size count elements where the data is a typed array, else bytes. */
function bytesOf([data, start = 0, size]: WrittenData): number {
  const unit = "BYTES_PER_ELEMENT" in data ? (data.BYTES_PER_ELEMENT ?? 1) : 1;
  return size === undefined ? data.byteLength - start * unit : size * unit;
}
