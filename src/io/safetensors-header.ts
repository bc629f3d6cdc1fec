import { refuse, type WebgpuRnnError } from "../errors.ts";
import { type ElementType, elementTypes } from "./element-types.ts";
import { repeatedKey } from "./repeated-key.ts";

/** Where one tensor lies in the data that follows the header. */
interface Entry {
  name: string;
  shape: number[];
  type: ElementType;
  /** First byte, counted from the end of the header. */
  begin: number;
  /** The byte behind the last. */
  end: number;
}

/** Bytes of the header's length, which opens the file as a little-endian 64-bit number. */
export const lengthBytes = 8;

/** The longest header that the reference implementation reads, in bytes; a larger length means another kind of file. */
const longestHeader = 100_000_000;

/** Cuts a file into its JSON header, as text, and the data behind it (a view). */
export function cutHeader(file: Uint8Array): { text: string; data: Uint8Array } {
  if (file.length < lengthBytes) {
    throw damaged(`at least ${lengthBytes} bytes (the length of the header)`, `${file.length} bytes`, notOurs);
  }
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const expected = `a header of 2 to ${longestHeader} bytes that begins with "{"`;
  if (length < 2 || length > longestHeader) throw damaged(expected, `a length of ${length} bytes`, notOurs);
  const opening = file[lengthBytes];
  if (opening !== undefined && opening !== 0x7b) throw damaged(expected, `byte ${opening} as its first`, notOurs);
  const end = lengthBytes + length;
  if (file.length < end) throw damaged(`a header of ${length} bytes`, `${file.length - lengthBytes} bytes`, cutShort);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(lengthBytes, end));
    return { text, data: file.subarray(end) };
  } catch {
    throw damaged(`a header of ${length} bytes in UTF-8`, "bytes that are no UTF-8", notOurs);
  }
}

/**
 * Reads the header and holds it against the data: the tensors must fill it without gap or overlap.
 * @param dataLength bytes that follow the header
 * @returns the entries in the order of their data
 */
export function parseHeader(text: string, dataLength: number): { entries: Entry[]; metadata: Record<string, string> } {
  const { __metadata__, ...described } = parseObject(text);
  const entries = Object.entries(described).map(([name, description]) => parseEntry(name, description));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  let previous = "the header";
  for (const { name, begin, end } of entries) {
    const what = tensor(name);
    const bytes = `bytes ${begin} to ${end}`;
    if (end > dataLength) throw refuse({ what, expected: bytes, got: `${dataLength} bytes of data`, cure: cutShort });
    if (begin !== filled) {
      const expected = `data from byte ${filled} on, where ${previous} ends`;
      throw refuse({ what, expected, got: bytes, cure: saveAgain });
    }
    filled = end;
    previous = tensor(name);
  }
  if (filled !== dataLength) {
    throw damaged(`${filled} bytes of data, where ${previous} ends`, `${dataLength} bytes`, saveAgain);
  }
  return { entries, metadata: parseMetadata(__metadata__) };
}

function parseObject(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw damaged("a header in JSON", (error as SyntaxError).message, saveAgain);
  }
  const key = repeatedKey(text);
  if (key !== undefined) throw damaged("every name once", `${JSON.stringify(key)} twice`, saveAgain);
  return header as Record<string, unknown>; // an object, since the text begins with "{"
}

function parseEntry(name: string, description: unknown): Entry {
  const what = tensor(name);
  const { dtype, shape, data_offsets: offsets } = (description ?? {}) as Record<string, unknown>;
  const got = JSON.stringify(description);
  if (!isCounts(shape)) throw refuse({ what, expected: 'whole numbers as "shape"', got, cure: saveAgain });
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw refuse({ what, expected: 'two whole numbers as "data_offsets"', got, cure: saveAgain });
  }
  const type = elementTypes.get(String(dtype));
  if (type === undefined) {
    const expected = `dtype ${[...elementTypes.keys()].join(", ")}`;
    throw refuse({ what, expected, got: JSON.stringify(dtype) ?? "none", cure: "save it as float32" });
  }
  const [begin = 0, end = 0] = offsets;
  const bytes = shape.reduce((product, size) => product * size, type.bytes);
  if (end - begin !== bytes) {
    const expected = `${bytes} bytes for shape [${shape.join(", ")}] of ${dtype}`;
    throw refuse({ what, expected, got: `${end - begin} (data_offsets [${begin}, ${end}])`, cure: saveAgain });
  }
  return { name, shape, type, begin, end };
}

function parseMetadata(metadata: unknown = {}): Record<string, string> {
  const isObject = typeof metadata === "object" && metadata !== null && !Array.isArray(metadata);
  if (isObject && Object.values(metadata).every((value) => typeof value === "string")) {
    return metadata as Record<string, string>;
  }
  throw damaged("an object of texts as __metadata__", JSON.stringify(metadata), saveAgain);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && count >= 0);
}

const notOurs = "this is no safetensors file; give one that is";
const cutShort = "the file is cut short; copy or save it again";
const saveAgain = "the file is damaged; copy or save it again";

function damaged(expected: string, got: string, cure: string): WebgpuRnnError {
  return refuse({ what: "safetensors", expected, got, cure });
}

function tensor(name: string): string {
  return `safetensors tensor ${JSON.stringify(name)}`;
}
