import { refuse } from "../errors.ts";
import type { HostTensor, NamedTensors } from "../tensor.ts";
import { cutHeader, lengthBytes, parseHeader } from "./safetensors-header.ts";

/**
 * Reads a safetensors file, such as a PyTorch `state_dict` saved by its `save_file`.
 * Numbers stored as F16, BF16 or F64 become float32; their values are not checked, NaN may be among them.
 * Format: https://github.com/huggingface/safetensors#format
 * @param file the whole file; nothing of it is kept
 * @returns the tensors in the order of their data, and the file's texts by name (empty when it has none)
 * @throws WebgpuRnnError naming the tensor and the numbers when the file is damaged or of another kind
 */
export function readSafetensors(file: ArrayBuffer | Uint8Array): {
  tensors: Map<string, HostTensor>;
  metadata: Record<string, string>;
} {
  const bytes = file instanceof Uint8Array ? file : new Uint8Array(file);
  const { text, data } = cutHeader(bytes);
  const { entries, metadata } = parseHeader(text, data.length);
  const tensors = new Map<string, HostTensor>();
  for (const { name, shape, type, begin, end } of entries) {
    const own = new Uint8Array(data.subarray(begin, end));
    tensors.set(name, { shape, data: type.toFloat32(own.buffer) });
  }
  return { tensors, metadata };
}

/**
 * Writes a safetensors file of F32 tensors. Equal content gives equal bytes: names and texts are sorted.
 * @param tensors by name; `__metadata__` is taken by the format
 * @param metadata texts by name. Default none
 * @throws WebgpuRnnError when a shape does not hold its data or a name is taken
 */
export function writeSafetensors(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(byName);
  let dataLength = 0;
  const described = sorted.map(([name, tensor]) => {
    check(name, tensor);
    const begin = dataLength;
    dataLength += tensor.data.byteLength;
    return [name, { dtype: "F32", shape: tensor.shape, data_offsets: [begin, dataLength] }] as const;
  });
  const texts = Object.fromEntries(Object.entries(metadata).sort(byName));
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries([[metadataName, texts], ...described])));

  // Spaces fill the header up, so that the numbers behind it lie aligned for readers that map the file.
  const dataBegin = lengthBytes + Math.ceil(header.length / 8) * 8;
  const file = new Uint8Array(dataBegin + dataLength).fill(0x20, lengthBytes, dataBegin);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataBegin - lengthBytes), true);
  file.set(header, lengthBytes);
  let at = dataBegin;
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/** The key of the header that holds texts instead of a tensor. */
const metadataName = "__metadata__";

function check(name: string, { shape, data }: HostTensor): void {
  const what = `safetensors tensor ${JSON.stringify(name)}`;
  if (name === metadataName) throw refuse({ what, expected: "another name", got: "the one that the format takes" });
  const numbers = shape.reduce((product, size) => product * size, 1);
  if (numbers !== data.length) {
    throw refuse({ what, expected: `${numbers} numbers for shape [${shape.join(", ")}]`, got: String(data.length) });
  }
}

/** Orders by UTF-16 units, the same everywhere whatever the locale. */
function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
