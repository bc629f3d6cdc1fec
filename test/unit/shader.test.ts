import { describe, expect, test } from "vitest";
import { composeShader } from "../../src/gpu/shader.ts";
import type { Kernel } from "../../src/variant.ts";

const kernel = (source: string): Kernel => ({ name: "tested", source });

describe("composeShader", () => {
  test("keeps the branch of each flag", () => {
    const source = "#if A\nlet a = 1;\n#if B\nlet b = 1;\n#else\nlet b = 2;\n#endif\n#else\nlet a = 2;\n#endif\n";
    const lines = (flags: Record<string, boolean>): string[] =>
      composeShader({ kernel: kernel(source), flags })
        .source.split("\n")
        .filter((line) => line.trim() !== "");
    expect(lines({ A: true, B: true })).toEqual(["let a = 1;", "let b = 1;"]);
    expect(lines({ A: true })).toEqual(["let a = 1;", "let b = 2;"]);
    expect(lines({ B: true })).toEqual(["let a = 2;"]);
  });

  test("replaces constants and leaves the others at their defaults", () => {
    const source = "const TILE = 64u;\nconst TILES: u32 = 8u;\n";
    expect(composeShader({ kernel: kernel(source), constants: { TILE: 32 } }).source).toBe(
      "const TILE = 32u;\nconst TILES: u32 = 8u;\n",
    );
  });

  test("inlines an import once, however often it is asked for", () => {
    const { source } = composeShader({ kernel: kernel("#import shared/control\n#import shared/control\n") });
    expect(source.match(/const LOSS/g)).toHaveLength(1);
  });

  test("puts the cell in the place of its import", () => {
    const cell = { name: "some", source: "alias Gates = vec4f;" };
    expect(composeShader({ kernel: kernel("#import cell\n"), cell }).source).toBe("alias Gates = vec4f;\n");
  });

  test("reads bindings and dims from the composed text", () => {
    const source = `
struct Dims {
  rows: u32, // N
#if SCALED
  scale: f32,
#endif
}
@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> a: array<f32>; // [N]
#if SCALED
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;
#endif
`;
    const plain = composeShader({ kernel: kernel(source) });
    expect(plain.storages).toEqual([{ name: "a", index: 1, access: "read", type: "array<f32>" }]);
    expect(plain.dims).toEqual([{ name: "rows", type: "u32" }]);
    const scaled = composeShader({ kernel: kernel(source), flags: { SCALED: true } });
    expect(scaled.storages[1]).toEqual({ name: "out", index: 2, access: "read_write", type: "array<vec4f>" });
    expect(scaled.dims[1]).toEqual({ name: "scale", type: "f32" });
  });

  test("refuses flags, constants and imports that the text does not know", () => {
    expect(() => composeShader({ kernel: kernel("x"), flags: { A: true } })).toThrow("tested.wgsl knows no flag A");
    expect(() => composeShader({ kernel: kernel("x"), constants: { A: 1 } })).toThrow("knows no constant A");
    expect(() => composeShader({ kernel: kernel("#import shared/none\n") })).toThrow(
      "nothing to import as shared/none",
    );
  });
});
