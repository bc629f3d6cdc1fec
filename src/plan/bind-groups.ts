import type { Pipeline } from "../gpu/kernel.ts";
import { alignUp, type Storage, sizeOf, type Tensor } from "../tensor.ts";
import type { Step } from "./step.ts";

/** Makes the bind groups of one plan; equal resources under one pipeline share one, so a time loop has one. */
export class BindGroups {
  readonly #device: GPUDevice;
  readonly #uniforms: GPUBuffer;
  readonly #bufferOf: (storage: Storage) => GPUBuffer;
  readonly #groups = new Map<string, GPUBindGroup>();
  readonly #numbers = new Map<GPUBuffer, number>();

  /** @param uniforms holds the `Dims` of every dispatch, bound at binding 0 with a dynamic offset */
  constructor(device: GPUDevice, uniforms: GPUBuffer, bufferOf: (storage: Storage) => GPUBuffer) {
    this.#device = device;
    this.#uniforms = uniforms;
    this.#bufferOf = bufferOf;
  }

  get({ label, bindings }: Step, { key, shader, layout }: Pipeline): GPUBindGroup {
    const entries = shader.storages.map(({ name, index }) => {
      const tensor = bindings[name];
      if (!tensor) throw new Error(`internal: ${label} does not bind ${name} of ${key}`);
      return { binding: index, resource: this.#range(tensor) };
    });
    const ranges = entries.map(({ resource: { buffer, offset, size } }) => `${this.#number(buffer)}@${offset}+${size}`);
    const identity = [key, ...ranges].join("|");
    const group = this.#groups.get(identity) ?? this.#create(label, layout, shader.dims.length * 4, entries);
    this.#groups.set(identity, group);
    return group;
  }

  #create(label: string, layout: GPUBindGroupLayout, dimsBytes: number, entries: GPUBindGroupEntry[]): GPUBindGroup {
    const dims = { binding: 0, resource: { buffer: this.#uniforms, size: Math.max(4, dimsBytes) } };
    return this.#device.createBindGroup({ label, layout, entries: [dims, ...entries] });
  }

  /** The bytes of a tensor and the padding after it, so that its end can be read by fours. */
  #range({ storage, offset, shape }: Tensor): Required<GPUBufferBinding> & { buffer: GPUBuffer } {
    const length = Math.min(alignUp(sizeOf(shape)), storage.length - offset);
    return { buffer: this.#bufferOf(storage), offset: offset * 4, size: length * 4 };
  }

  #number(buffer: GPUBuffer): number {
    const number = this.#numbers.get(buffer) ?? this.#numbers.size;
    this.#numbers.set(buffer, number);
    return number;
  }
}
