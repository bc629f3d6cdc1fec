/** What the host asks of WebGPU in one training step, on average. */
export interface CallsPerStep {
  readonly dispatchesPerStep: number | null;
  readonly submitsPerStep: number | null;
  readonly buffersCreatedPerStep: number | null;
}

type Prototype = Record<string, (...args: unknown[]) => unknown>;

/** Counts calls of WebGPU by wrapping its prototypes, so that nothing that the engine does can go uncounted. */
export class CallCounts {
  #dispatches = 0;
  #submits = 0;
  #buffers = 0;
  #steps = 0;
  #counting = false;

  /** @param classes the global classes of WebGPU; they stay wrapped */
  constructor(classes: object) {
    const of = (name: string): Prototype =>
      (classes as Record<string, { prototype: Prototype }>)[name]?.prototype ?? {};
    this.#wrap(of("GPUComputePassEncoder"), "dispatchWorkgroups", () => this.#dispatches++);
    this.#wrap(of("GPUQueue"), "submit", () => this.#submits++);
    this.#wrap(of("GPUDevice"), "createBuffer", () => this.#buffers++);
  }

  /** Counts what happens until `pause`. */
  start(): void {
    this.#counting = true;
  }

  pause(): void {
    this.#counting = false;
  }

  /** To be called after each training step. */
  stepped(): void {
    if (this.#counting) this.#steps += 1;
  }

  /** Null where no step was counted. */
  perStep(): CallsPerStep {
    const mean = (calls: number): number | null => (this.#steps > 0 ? calls / this.#steps : null);
    return {
      dispatchesPerStep: mean(this.#dispatches),
      submitsPerStep: mean(this.#submits),
      buffersCreatedPerStep: mean(this.#buffers),
    };
  }

  #wrap(prototype: Prototype, name: string, tally: () => void): void {
    const original = prototype[name] as Prototype[string];
    const counts = this;
    prototype[name] = function (this: unknown, ...args) {
      if (counts.#counting) tally();
      return original.apply(this, args);
    };
  }
}
