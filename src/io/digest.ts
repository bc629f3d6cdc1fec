import type { NamedTensors } from "../tensor.ts";

/** FNV-1a, 32 bits (Fowler, Noll & Vo): tells changes by accident, not by intent. */
export function digest(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Of names and numbers of all tensors, in any order. */
export function checksum(tensors: NamedTensors): string {
  let sum = 0;
  for (const [name, { data }] of tensors) {
    const words = [
      digest(new TextEncoder().encode(name)),
      digest(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    ];
    sum += digest(new Uint8Array(Uint32Array.from(words).buffer));
  }
  return (sum >>> 0).toString(16);
}
