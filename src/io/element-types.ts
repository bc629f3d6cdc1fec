import { halfToNumber } from "../half.ts";

/** How the numbers of a tensor are stored in a file, and how they become float32. All are little-endian. */
export interface ElementType {
  /** Bytes of one number. */
  readonly bytes: number;
  /** @param buffer numbers of this type and nothing else; it may become the storage of the result */
  toFloat32(buffer: ArrayBuffer): Float32Array;
}

/** The types that PyTorch keeps weights in, by their names in safetensors. */
export const elementTypes: ReadonlyMap<string, ElementType> = new Map([
  ["F32", { bytes: 4, toFloat32: (buffer) => new Float32Array(buffer) }],
  ["F64", { bytes: 8, toFloat32: (buffer) => new Float32Array(new Float64Array(buffer)) }],
  ["F16", { bytes: 2, toFloat32: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber) }],
  ["BF16", { bytes: 2, toFloat32: bfloat16ToFloat32 }],
]);

/** bfloat16 is the upper half of a float32. */
function bfloat16ToFloat32(buffer: ArrayBuffer): Float32Array {
  const bits = Uint32Array.from(new Uint16Array(buffer), (upper) => upper << 16);
  return new Float32Array(bits.buffer);
}
