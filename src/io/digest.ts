import type { NamedTensors } from "../tensor.ts";

/** FNV-1a, 32 bits (Fowler, Noll & Vo): tells changes by accident, not by intent. */
export function digest(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Of names and numbers of all tensors and of the texts beside them, in any order. */
export function checksum(tensors: NamedTensors, texts: Readonly<Record<string, string>> = {}): string {
  const utf8 = new TextEncoder();
  const parts = [
    ...[...tensors].map(([name, { data }]) => [
      utf8.encode(name),
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    ]),
    ...Object.entries(texts).map(([name, text]) => [utf8.encode(name), utf8.encode(text)]),
  ];
  const digests = parts.map((part) => digest(new Uint8Array(Uint32Array.from(part, digest).buffer)));
  return (digests.reduce((sum, part) => sum + part, 0) >>> 0).toString(16);
}
