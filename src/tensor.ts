/**
 * Tensors are plain values: a name, a shape and where the elements lie. No arithmetic, no GPU object.
 *
 * A {@link Storage} becomes one GPU buffer when a program meets the device; a {@link Tensor} is a dense,
 * row-major view of a storage.
 */

export type ElementType = "f32" | "u32";

/** Views that a dispatch binds start at multiples of this many elements (256 bytes, WebGPU's default alignment). */
const ALIGNMENT = 64;

/** All that a dispatch may bind as one buffer. */
export interface Storage {
  readonly name: string;
  /** Length in elements of four bytes, padding included. */
  readonly length: number;
  /** Scratch lives from its first to its last step and shares a buffer with others; what is kept has its own. */
  readonly scratch: boolean;
}

export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly storage: Storage;
  /** First element within the storage. */
  readonly offset: number;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

export const alignUp = (elements: number): number => Math.ceil(elements / ALIGNMENT) * ALIGNMENT;

/** The nearest place before a tensor where a dispatch can bind it, and how many elements it begins behind that. */
export function bindable(of: Tensor): { readonly tensor: Tensor; readonly first: number } {
  const first = of.offset % ALIGNMENT;
  return first === 0
    ? { tensor: of, first }
    : { tensor: { ...of, offset: of.offset - first, shape: [first + sizeOf(of.shape)] }, first };
}

export const bytesOf = (storage: Storage): number => storage.length * 4;

/** A storage of its own for one tensor, padded to the alignment. */
export function tensor(
  name: string,
  shape: readonly number[],
  { type = "f32", scratch = false }: { type?: ElementType; scratch?: boolean } = {},
): Tensor {
  return { name, type, shape, storage: { name, length: alignUp(sizeOf(shape)), scratch }, offset: 0 };
}

/** A whole storage of numbers as one tensor, padding included. */
export const whole = (storage: Storage): Tensor => ({
  name: storage.name,
  type: "f32",
  shape: [storage.length],
  storage,
  offset: 0,
});

export const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** Numbers on the host, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  /** As many numbers as the product of `shape`; one for shape []. */
  readonly data: Float32Array;
}

/** Tensors by name, such as `1.weight_ih_l0`. */
export type NamedTensors = ReadonlyMap<string, HostTensor>;
