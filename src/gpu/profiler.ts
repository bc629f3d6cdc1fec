import type { Gpu } from "./device.ts";
import type { Commands } from "./queue.ts";
import { copyMapped } from "./read.ts";
import { COPY_DST, COPY_SRC, MAP_READ, QUERY_RESOLVE } from "./usage.ts";

/** Timestamps around passes; there is one only where the device has the feature `timestamp-query`. */
export class Profiler {
  readonly #gpu: Gpu;
  readonly #queries: GPUQuerySet;
  readonly #resolved: GPUBuffer;
  readonly #staging: GPUBuffer;
  readonly #length: number;

  /** @param length how many passes are to be timed */
  static create(gpu: Gpu, length: number): Profiler | undefined {
    return gpu.device.features.has("timestamp-query") ? new Profiler(gpu, length) : undefined;
  }

  private constructor(gpu: Gpu, length: number) {
    const { device } = gpu;
    const size = length * 2 * 8;
    this.#gpu = gpu;
    this.#length = length;
    this.#queries = device.createQuerySet({ label: "profiler", type: "timestamp", count: length * 2 });
    this.#resolved = device.createBuffer({ label: "profiler", size, usage: QUERY_RESOLVE | COPY_SRC });
    this.#staging = device.createBuffer({ label: "profiler", size, usage: MAP_READ | COPY_DST });
  }

  passOptions(i: number): GPUComputePassDescriptor {
    const timestampWrites = {
      querySet: this.#queries,
      beginningOfPassWriteIndex: i * 2,
      endOfPassWriteIndex: i * 2 + 1,
    };
    return { timestampWrites };
  }

  resolve(encoder: Commands): void {
    encoder.resolveQuerySet(this.#queries, 0, this.#length * 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, this.#staging.size);
  }

  /** GPU milliseconds by pass, undefined where a reading runs backwards; frees the profiler. */
  async milliseconds(): Promise<(number | undefined)[]> {
    const stamps = new BigUint64Array(await copyMapped(this.#gpu, this.#staging));
    this.#queries.destroy();
    this.#resolved.destroy();
    this.#staging.destroy();
    return Array.from({ length: this.#length }, (_, i) => {
      const nanoseconds = Number((stamps[i * 2 + 1] ?? 0n) - (stamps[i * 2] ?? 0n));
      return nanoseconds >= 0 ? nanoseconds / 1e6 : undefined;
    });
  }
}
