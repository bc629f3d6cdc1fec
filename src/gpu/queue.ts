import type { Gpu } from "./device.ts";
import { Meter } from "./meter.ts";

/** What commands are recorded with: an encoder, or several, one after the other. */
export interface Commands extends Pick<GPUCommandEncoder, "beginComputePass" | "clearBuffer" | "resolveQuerySet"> {
  copyBufferToBuffer(from: GPUBuffer, begin: number, to: GPUBuffer, destination: number, size: number): void;
  /**
   * Says before a dispatch how long it should take.
   * @returns whether a submit ends here: the open pass must end then, and the dispatch begin another
   */
  endsBefore?(milliseconds: number): boolean;
}

/**
 * Records commands and submits them: the only place that makes an encoder. They are one submit, unless they should take
 * longer than the device's budget; several follow each other at once, so that nothing comes between them.
 * @param pace how much longer than expected they take
 * @returns milliseconds that they are expected to take
 */
export function submit(gpu: Gpu, record: (commands: Commands) => void, pace = 1): number {
  gpu.check();
  const slices = new Slices(gpu.device, gpu.budget / pace);
  record(slices);
  for (const buffer of slices.finish()) gpu.device.queue.submit([buffer]);
  return slices.milliseconds;
}

class Slices implements Commands {
  readonly #device: GPUDevice;
  readonly #meter: Meter;
  readonly #finished: GPUCommandBuffer[] = [];
  #encoder: GPUCommandEncoder;
  #ends = false;

  constructor(device: GPUDevice, budget: number) {
    this.#device = device;
    this.#meter = new Meter(budget);
    this.#encoder = device.createCommandEncoder();
  }

  get milliseconds(): number {
    return this.#meter.total;
  }

  endsBefore(milliseconds: number): boolean {
    this.#ends = this.#meter.endsBefore(milliseconds);
    return this.#ends;
  }

  beginComputePass(descriptor?: GPUComputePassDescriptor): GPUComputePassEncoder {
    if (this.#ends) {
      this.#finished.push(this.#encoder.finish());
      this.#encoder = this.#device.createCommandEncoder();
      this.#ends = false;
    }
    return this.#encoder.beginComputePass(descriptor);
  }

  clearBuffer(...given: Parameters<GPUCommandEncoder["clearBuffer"]>): undefined {
    this.#encoder.clearBuffer(...given);
  }

  copyBufferToBuffer(...given: Parameters<Commands["copyBufferToBuffer"]>): void {
    this.#encoder.copyBufferToBuffer(...given);
  }

  resolveQuerySet(...given: Parameters<GPUCommandEncoder["resolveQuerySet"]>): undefined {
    this.#encoder.resolveQuerySet(...given);
  }

  finish(): GPUCommandBuffer[] {
    return [...this.#finished, this.#encoder.finish()];
  }
}
