import type { Gpu } from "./device.ts";
import type { Commands } from "./queue.ts";
import { copyMapped } from "./read.ts";
import { COPY_DST, MAP_READ } from "./usage.ts";

/** Enough for the submits in flight, one being read and one to write. */
const SLOTS = 6;
/** A copy must always find a free buffer. */
const MOST_READING = SLOTS - 2;

interface Slot {
  readonly buffer: GPUBuffer;
  /** A mapped buffer must not be copied into. */
  mapping: Promise<ArrayBuffer> | undefined;
}

/**
 * A ring of staging buffers: every run copies a few bytes into the next free one within its own submit, and they are
 * mapped only when somebody asks. Reading costs no submit and makes no buffer.
 */
export class StagingRing {
  readonly #gpu: Gpu;
  readonly #sources: readonly GPUBuffer[];
  readonly #slots: readonly Slot[];
  #last = 0;

  /** @param sources the buffers that each copy takes whole, one behind the other */
  constructor(gpu: Gpu, label: string, sources: readonly GPUBuffer[]) {
    const size = sources.reduce((sum, source) => sum + source.size, 0);
    this.#gpu = gpu;
    this.#sources = sources;
    this.#slots = Array.from({ length: SLOTS }, () => ({
      buffer: gpu.device.createBuffer({ label, size, usage: MAP_READ | COPY_DST }),
      mapping: undefined,
    }));
  }

  /** Records the copy of the sources as they are at this point of the commands. */
  copy(encoder: Commands): void {
    const order = this.#slots.map((_, i) => (this.#last + 1 + i) % SLOTS);
    const next = order.find((i) => !this.#slots[i]?.mapping);
    if (next === undefined) throw new Error("internal: every staging buffer is being read");
    this.#last = next;
    let start = 0;
    for (const source of this.#sources) {
      encoder.copyBufferToBuffer(source, 0, (this.#slots[next] as Slot).buffer, start, source.size);
      start += source.size;
    }
  }

  /** The bytes that the latest submitted copy carries; of a later one where many are asked for. Waits for the GPU. */
  latest(): Promise<ArrayBuffer> {
    const slot = this.#slots[this.#last] as Slot;
    const reading = this.#slots.filter(({ mapping }) => mapping);
    if (!slot.mapping && reading.length >= MOST_READING) {
      return Promise.any(reading.map(({ mapping }) => mapping)).then(() => this.latest());
    }
    slot.mapping ??= copyMapped(this.#gpu, slot.buffer).finally(() => {
      slot.mapping = undefined;
    });
    return slot.mapping;
  }

  dispose(): void {
    for (const { buffer } of this.#slots) buffer.destroy();
  }
}
