import { refuse, WebgpuRnnError } from "../errors.ts";
import { bytesOf, type Storage, sizeOf, type Tensor } from "../tensor.ts";
import type { Gpu } from "./device.ts";
import { submit } from "./queue.ts";
import { copyMapped } from "./read.ts";
import { COPY_DST, COPY_SRC, MAP_READ, STORAGE } from "./usage.ts";

/** What a program says that is used after its end. */
export const DISPOSED = "this program has been disposed of. Create another.";

export type Elements = Float32Array | Uint32Array;

/**
 * The buffers of some storages. A memory may lie on another: what the lower one holds is used where it lies,
 * which is how two programs share the weights.
 */
export class Memory {
  readonly gpu: Gpu;
  readonly #below: Memory | undefined;
  readonly #buffers = new Map<Storage, GPUBuffer>();
  #disposed = false;

  constructor(gpu: Gpu, below?: Memory) {
    this.gpu = gpu;
    this.#below = below;
  }

  /** Throws when the memory has been disposed of or its device has failed. */
  check(): void {
    if (this.#disposed) throw new WebgpuRnnError(DISPOSED);
    this.#below?.check();
    this.gpu.check();
  }

  /** The buffer of a storage, made and zero at its first use. */
  buffer(storage: Storage): GPUBuffer {
    this.check();
    return this.#find(storage) ?? this.#create(storage);
  }

  /**
   * Makes the buffers of some storages.
   * @param what is named in the error
   * @throws WebgpuRnnError when one does not fit the device, or all together do not
   */
  async reserve(what: string, storages: Iterable<Storage>): Promise<void> {
    const { device } = this.gpu;
    const all = new Set(storages);
    device.pushErrorScope("out-of-memory");
    let exhausted: Promise<GPUError | null>;
    try {
      for (const storage of all) this.buffer(storage);
    } finally {
      exhausted = device.popErrorScope();
    }
    if (await exhausted) {
      throw refuse({
        what,
        expected: `${[...all].reduce((sum, storage) => sum + bytesOf(storage), 0)} bytes of device memory`,
        got: "less from the device",
        cure: "choose a smaller batch, time or hidden size",
      });
    }
  }

  /** Copies elements from the host into a tensor, ordered before whatever is submitted next. */
  write(target: Tensor, elements: Elements): void {
    const start = target.offset * 4;
    this.gpu.device.queue.writeBuffer(this.buffer(target.storage), start, elements as GPUAllowSharedBufferSource);
  }

  /** Copies tensors back to the host, all with one submit. */
  async read(...tensors: Tensor[]): Promise<Elements[]> {
    this.check();
    const sizes = tensors.map((tensor) => sizeOf(tensor.shape) * 4);
    const staging = this.gpu.device.createBuffer({
      label: "read",
      size: sizes.reduce((sum, size) => sum + size, 0),
      usage: MAP_READ | COPY_DST,
    });
    const bytes = await this.#copy(tensors, sizes, staging).finally(() => staging.destroy());
    let start = 0;
    return tensors.map(({ type }, i) => {
      const part = bytes.slice(start, start + (sizes[i] as number));
      start += sizes[i] as number;
      return type === "f32" ? new Float32Array(part) : new Uint32Array(part);
    });
  }

  /** Frees the buffers of this memory; those below stay. */
  dispose(): void {
    this.#disposed = true;
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }

  #find(storage: Storage): GPUBuffer | undefined {
    return this.#buffers.get(storage) ?? (this.#below ? this.#below.#find(storage) : undefined);
  }

  async #copy(tensors: readonly Tensor[], sizes: readonly number[], staging: GPUBuffer): Promise<ArrayBuffer> {
    submit(this.gpu, (encoder) => {
      let start = 0;
      tensors.forEach(({ storage, offset }, i) => {
        encoder.copyBufferToBuffer(this.buffer(storage), offset * 4, staging, start, sizes[i] as number);
        start += sizes[i] as number;
      });
    });
    return copyMapped(this.gpu, staging);
  }

  #create(storage: Storage): GPUBuffer {
    const { limits } = this.gpu.device;
    const limit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
    if (bytesOf(storage) > limit) {
      throw refuse({
        what: `buffer "${storage.name}"`,
        expected: `at most ${limit} bytes (the device's maxBufferSize and maxStorageBufferBindingSize)`,
        got: `${bytesOf(storage)} bytes`,
        cure: `choose a smaller ${storage.scratch ? "batch, time or hidden size" : "hidden size, vocabulary or number of layers"}`,
      });
    }
    const buffer = this.gpu.device.createBuffer({
      label: storage.name,
      size: bytesOf(storage),
      usage: STORAGE | COPY_SRC | COPY_DST,
    });
    this.#buffers.set(storage, buffer);
    return buffer;
  }
}
