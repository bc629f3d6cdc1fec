import { describe, expect, test } from "vitest";
import { WebgpuRnnError } from "../../src/errors.ts";
import { readSafetensors, writeSafetensors } from "../../src/io/index.ts";

/** A file as the format's own text describes it: length, header, data. */
function file(header: unknown, data: ArrayLike<number> = [], length?: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const bytesOf = (numbers: Float32Array | Float64Array | Uint16Array) => new Uint8Array(numbers.buffer);
const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe("readSafetensors", () => {
  test("reads tensors, shapes and texts in the order of the data", () => {
    const header = { __metadata__: { format: "pt" }, b: entry("F32", [1, 2], 4, 12), a: entry("F32", [], 0, 4) };
    const { tensors, metadata } = readSafetensors(file(header, bytesOf(Float32Array.of(1.5, -2, 3e-42))));
    expect([...tensors]).toEqual([
      ["a", { shape: [], data: Float32Array.of(1.5) }],
      ["b", { shape: [1, 2], data: Float32Array.of(-2, 3e-42) }],
    ]);
    expect(metadata).toEqual({ format: "pt" });
  });

  test("reads F64, F16 and BF16 as float32", () => {
    const doubles = bytesOf(Float64Array.of(1 / 3, -1e300));
    // 1, the largest, the least normal, the least subnormal, -0, infinity, NaN
    const halves = bytesOf(Uint16Array.of(0x3c00, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00, 0x7e00));
    const brains = bytesOf(Uint16Array.of(0x3f80, 0xc049, 0x7f80, 0x0001));
    const header = { d: entry("F64", [2], 0, 16), h: entry("F16", [7], 16, 30), n: entry("BF16", [4], 30, 38) };
    const { tensors } = readSafetensors(file(header, [...doubles, ...halves, ...brains]));
    expect(tensors.get("d")?.data).toEqual(Float32Array.of(1 / 3, Number.NEGATIVE_INFINITY));
    expect(tensors.get("h")?.data).toEqual(
      Float32Array.of(1, 65504, 2 ** -14, 2 ** -24, -0, Number.POSITIVE_INFINITY, Number.NaN),
    );
    expect(tensors.get("n")?.data).toEqual(Float32Array.of(1, -3.140625, Number.POSITIVE_INFINITY, 2 ** -133));
  });

  test("reads from any place in a buffer and keeps nothing of it", () => {
    const whole = file({ a: entry("F32", [1], 0, 4), empty: entry("F32", [0, 3], 0, 0) }, bytesOf(Float32Array.of(7)));
    const shifted = new Uint8Array(whole.length + 3);
    shifted.set(whole, 3);
    const { tensors } = readSafetensors(shifted.subarray(3));
    shifted.fill(0);
    expect(tensors.get("a")?.data).toEqual(Float32Array.of(7));
    expect(tensors.get("empty")).toEqual({ shape: [0, 3], data: new Float32Array(0) });
    expect(readSafetensors(whole.buffer as ArrayBuffer).tensors.size).toBe(2);
  });

  const cases: [string, Uint8Array, string][] = [
    ["nothing", new Uint8Array(0), "at least 8 bytes (the length of the header), got 0 bytes. This is no safetensors"],
    ["another kind of file", new TextEncoder().encode("PK\u0003\u0004 a zip file"), "got a length of"],
    ["a header of no length", file("{}", [], 0), "got a length of 0 bytes"],
    ["a header that opens otherwise", file("[1]"), "got byte 91 as its first"],
    ["a header cut short", file('{"a"', [], 90), "a header of 90 bytes, got 4 bytes. The file is cut short"],
    ["a header that is no text", file("{}").fill(0xff, 9), "in UTF-8"],
    ["a header that is no JSON", file('{"a": }'), "a header in JSON"],
    ["zeros as padding", file("{}\0\0"), "a header in JSON"],
    ["a name twice", file('{"a":1, "a" :1}'), '"a" twice'],
    ["an escaped name twice", file('{"a\\"{":1,"a\\u0022{":1}'), '"a\\"{" twice'],
    ["a field twice", file('{"a":{"dtype":"F32","dtype":"F32"}}'), '"dtype" twice'],
    ["a number as tensor", file({ a: 1 }), 'tensor "a": expected whole numbers as "shape", got 1'],
    ["null as tensor", file({ a: null }), 'tensor "a": expected whole numbers as "shape", got null'],
    ["a negative size", file({ a: entry("F32", [-1], 0, 0) }), 'tensor "a": expected whole numbers as "shape"'],
    ["three offsets", file({ a: { dtype: "F32", shape: [], data_offsets: [0, 4, 8] } }), 'as "data_offsets"'],
    ["an unknown type", file({ a: entry("I64", [1], 0, 8) }, new Uint8Array(8)), 'F32, F64, F16, BF16, got "I64"'],
    ["no type", file({ a: { shape: [], data_offsets: [0, 4] } }, new Uint8Array(4)), "got none"],
    [
      "a wrong count",
      file({ a: entry("F32", [2, 3], 0, 20) }),
      "24 bytes for shape [2, 3] of F32, got 20 (data_offsets",
    ],
    ["offsets backwards", file({ a: entry("F32", [], 4, 0) }), "4 bytes for shape [] of F32, got -4"],
    [
      "data cut short",
      file({ a: entry("F32", [2], 0, 8) }, [1, 2, 3]),
      '"a": expected bytes 0 to 8, got 3 bytes of data',
    ],
    [
      "an overlap",
      file({ a: entry("F32", [2], 0, 8), b: entry("F32", [1], 4, 8) }, new Uint8Array(8)),
      'tensor "b": expected data from byte 8 on, where safetensors tensor "a" ends, got bytes 4 to 8',
    ],
    [
      "a gap",
      file({ a: entry("F32", [1], 4, 8) }, new Uint8Array(8)),
      'tensor "a": expected data from byte 0 on, where the header ends, got bytes 4 to 8',
    ],
    ["bytes behind the data", file({ a: entry("F32", [], 0, 4) }, new Uint8Array(6)), "4 bytes of data, where"],
    ["a number as text", file({ __metadata__: { step: 7 } }), 'an object of texts as __metadata__, got {"step":7}'],
    ["null as texts", file({ __metadata__: null }), "an object of texts as __metadata__, got null"],
  ];
  test.each(cases)("refuses %s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(WebgpuRnnError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test("refuses a good file cut anywhere, and meets any changed byte with a refusal or a reading", () => {
    const good = writeSafetensors(new Map([["w", { shape: [2], data: Float32Array.of(1, 2) }]]), { format: "pt" });
    for (let length = 0; length < good.length; length++) {
      expect(() => readSafetensors(good.subarray(0, length)), `${length} bytes`).toThrow(WebgpuRnnError);
    }
    for (let at = 0; at < good.length; at++) {
      for (const change of [0x01, 0x20, 0x80, 0xff]) {
        const changed = good.slice();
        changed[at] = (changed[at] ?? 0) ^ change;
        try {
          readSafetensors(changed);
        } catch (error) {
          expect(error, `byte ${at} changed by ${change}`).toBeInstanceOf(WebgpuRnnError);
        }
      }
    }
  });
});

describe("writeSafetensors", () => {
  test("writes the bytes of the format", () => {
    const bytes = writeSafetensors(new Map([["a", { shape: [1, 2], data: Float32Array.of(1, -2) }]]), { k: "v" });
    const header = '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    expect(header).toHaveLength(81);
    const data = [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0];
    expect([...bytes]).toEqual([88, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode(header.padEnd(88)), ...data]);
  });

  test("gives equal bytes for equal content in another order, and the same content back", () => {
    const weight = { shape: [2, 1], data: Float32Array.of(Number.NaN, 1e-45) };
    const bias = { shape: [], data: new Float32Array([9, 5]).subarray(1) };
    const one = writeSafetensors(new Map(Object.entries({ "1.weight": weight, ž: bias })), { b: "2", a: "\u{1F600}" });
    const other = writeSafetensors(new Map(Object.entries({ ž: bias, "1.weight": weight })), {
      a: "\u{1F600}",
      b: "2",
    });
    expect(one).toEqual(other);
    const { tensors, metadata } = readSafetensors(one);
    expect([...tensors]).toEqual([
      ["1.weight", weight],
      ["ž", { shape: [], data: Float32Array.of(5) }],
    ]);
    expect(metadata).toEqual({ a: "\u{1F600}", b: "2" });
  });

  test("keeps a tensor whose name means something to JavaScript", () => {
    const tensors = new Map([["__proto__", { shape: [1], data: Float32Array.of(3) }]]);
    expect(readSafetensors(writeSafetensors(tensors)).tensors).toEqual(tensors);
  });

  test("writes and reads a file without tensors", () => {
    expect(readSafetensors(writeSafetensors(new Map()))).toEqual({ tensors: new Map(), metadata: {} });
  });

  test("refuses a shape that does not hold its data, and the name that the format takes", () => {
    const data = new Float32Array(5);
    expect(() => writeSafetensors(new Map([["w", { shape: [2, 3], data }]]))).toThrow(
      new WebgpuRnnError('safetensors tensor "w": expected 6 numbers for shape [2, 3], got 5.'),
    );
    expect(() => writeSafetensors(new Map([["__metadata__", { shape: [5], data }]]))).toThrow(WebgpuRnnError);
  });
});
