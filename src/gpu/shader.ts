import { wgsl } from "wgsl-preprocessor/wgsl-preprocessor.js";
import type { Variant } from "../variant.ts";

const SHARED: Record<string, string> = import.meta.glob(
  ["../../shaders/shared/*.wgsl", "!../../shaders/shared/{order,cut_by_*}.wgsl"],
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);

export interface StorageBinding {
  readonly name: string;
  readonly index: number;
  readonly access: "read" | "read_write";
  /** The WGSL type, such as `array<vec4f>`. */
  readonly type: string;
}

export interface DimsField {
  readonly name: string;
  readonly type: "u32" | "f32";
}

/** The text that the device compiles, and what it says of its own bindings. */
export interface Shader {
  readonly source: string;
  readonly storages: readonly StorageBinding[];
  /** The fields of the uniform `Dims` at binding 0, four bytes each, in order. */
  readonly dims: readonly DimsField[];
}

/** Puts imports, flags and constants of a variant into its kernel's text and reads the bindings from the result. */
export function composeShader(variant: Variant): Shader {
  const { kernel, flags = {}, constants = {}, cell } = variant;
  const whole = inlineImports(kernel.source, { ...kernel.parts, ...(cell ? { cell: cell.source } : {}) }, new Set());
  const source = spliceConstants(applyFlags(whole, flags, kernel.name), constants, kernel.name);
  return { source, storages: readStorages(source), dims: readDims(source) };
}

/** Replaces each `#import name` by the text given for it, or that of `shared/name.wgsl`; a second import adds nothing. */
function inlineImports(text: string, given: Readonly<Record<string, string>>, seen: Set<string>): string {
  return text.replace(/^[ \t]*#import[ \t]+(\S+)[ \t]*$/gm, (_, name: string) => {
    if (seen.has(name)) return "";
    seen.add(name);
    const imported = given[name] ?? SHARED[`../../shaders/${name}.wgsl`];
    if (imported === undefined) throw new Error(`internal: nothing to import as ${name}`);
    return inlineImports(imported, given, seen);
  });
}

/** Cuts the text at `#if NAME` into the strings and values that the preprocessor's tag function takes. */
function applyFlags(text: string, flags: Readonly<Record<string, boolean>>, kernel: string): string {
  const pieces = text.split(/(?<=#if[ \t])[ \t]*(\w+)/);
  const strings = pieces.filter((_, i) => i % 2 === 0);
  const names = pieces.filter((_, i) => i % 2 === 1);
  for (const name of Object.keys(flags)) {
    if (!names.includes(name)) throw new Error(`internal: ${kernel}.wgsl knows no flag ${name}`);
  }
  return wgsl(strings, ...names.map((name) => flags[name] ?? false));
}

/** Gives `const NAME = 64u;` the variant's value in place of its default. */
function spliceConstants(text: string, constants: Readonly<Record<string, number>>, kernel: string): string {
  return Object.entries(constants).reduce((spliced, [name, value]) => {
    const declaration = new RegExp(`^(const ${name}(?:: u32)? = )\\d+(u?;)`, "m");
    if (!declaration.test(spliced)) throw new Error(`internal: ${kernel}.wgsl knows no constant ${name}`);
    return spliced.replace(declaration, `$1${value}$2`);
  }, text);
}

function readStorages(source: string): StorageBinding[] {
  const pattern = /@group\(0\)\s*@binding\((\d+)\)\s*var<storage,\s*(read|read_write)>\s*(\w+)\s*:\s*([^;]+);/g;
  return [...source.matchAll(pattern)].map(([, index, access, name, type]) => ({
    name: name as string,
    index: Number(index),
    access: access as StorageBinding["access"],
    type: (type as string).trim(),
  }));
}

function readDims(source: string): DimsField[] {
  const body = /struct Dims \{([^}]*)\}/.exec(source)?.[1] ?? "";
  return [...body.matchAll(/(\w+)\s*:\s*(u32|f32)\s*,/g)].map(([, name, type]) => ({
    name: name as string,
    type: type as DimsField["type"],
  }));
}
