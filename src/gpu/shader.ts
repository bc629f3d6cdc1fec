import { wgsl } from "wgsl-preprocessor/wgsl-preprocessor.js";
import type { Target, Variant } from "../variant.ts";

const SHARED: Record<string, string> = import.meta.glob(
  [
    "../../shaders/shared/*.wgsl",
    "!../../shaders/shared/{quad_*,half_*,normalise,denormalise,row_moments,row_sums}.wgsl",
    "!../../shaders/shared/{second_*,finish,unfinish,project,more_activations,random,*_tail}.wgsl",
    "!../../shaders/shared/{order,cut_by_*,row_end,unfolded,split_k*}.wgsl",
  ],
  { query: "?raw", import: "default", eager: true },
);

/**
 * Sets of texts that only some adapters or layers need, each by the names in it: a page loads them when it opens such a
 * device, or when it makes its first program of such layers. A smaller batch never asks for a set that the largest does
 * not, because plans for it are made at once, when it is too late to load.
 */
const RARE: readonly { readonly names: RegExp; load(): Promise<{ readonly parts: Record<string, string> }> }[] = [
  { names: /^shared\/quad_/, load: () => import("./quad-parts.ts") },
  { names: /^shared\/half_/, load: () => import("./half-parts.ts") },
  { names: /^shared\/split_k/, load: () => import("./split-k-parts.ts") },
  { names: /^(layer_norm.*|rnn_rows.*|shared\/(normalise|denormalise))$/, load: () => import("./layer-norm-parts.ts") },
  {
    names: /^(accumulate|copy_rows|draw_mask|dropout|learned_state|shared\/(more_activations|random|.*_tail))$/,
    load: () => import("./option-parts.ts"),
  },
  { names: /^shared\/(second_.*|finish|unfinish|project)$/, load: () => import("./two-stage-parts.ts") },
];
const loaded: Record<string, string> = {};

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
  /** The fields of the uniform `Dims` at binding 0, four bytes each, in order; four of a vec4u, `name.x` to `name.w`. */
  readonly dims: readonly DimsField[];
}

/** Loads what the plans for an adapter may turn to when the batch gets smaller, and with it the machine. */
export function loadPartsFor({ quads, software }: Pick<Target, "quads" | "software">): Promise<void> {
  return loadParts([...(quads ? ["shared/quad_tile"] : []), ...(software ? [] : ["shared/split_k"])]);
}

/** Loads the parts with these names that are rare, and the others of their sets. */
async function loadParts(names: Iterable<string>): Promise<void> {
  const sets = RARE.filter((set) => [...names].some((name) => set.names.test(name)));
  for (const { parts } of await Promise.all(sets.map(({ load }) => load()))) Object.assign(loaded, parts);
}

/**
 * Loads what is rare of a variant, without which it cannot be composed.
 * @param known how many names its texts are known to import: what is loaded may import more
 */
export async function loadPartsOf(variant: Variant, known = 0): Promise<void> {
  const found = { seen: new Set<string>(), flags: new Set<string>() };
  inline(variant.kernel.source, variant, found, "");
  if (found.seen.size === known) return;
  await loadParts(found.seen);
  await loadPartsOf(variant, found.seen.size);
}

/**
 * Puts imports, flags and constants of a variant into its kernel's text and reads the bindings from the result. What is
 * rare of it has been loaded.
 */
export function composeShader(variant: Variant): Shader {
  const { kernel, flags = {}, constants = {} } = variant;
  const found = { seen: new Set<string>(), flags: new Set<string>() };
  const text = inline(kernel.source, variant, found);
  for (const name of Object.keys(flags)) {
    if (flags[name] && !found.flags.has(name)) throw new Error(`internal: ${kernel.name}.wgsl knows no flag ${name}`);
  }
  const source = spliceConstants(text, constants, kernel.name);
  return { source, storages: readStorages(source), dims: readDims(source) };
}

/** The names that a text has imported, and the flags that it has asked for. */
interface Found {
  readonly seen: Set<string>;
  readonly flags: Set<string>;
}

/**
 * Applies the flags, then replaces each `#import name` that is left by the text given for it, or that of
 * `shared/name.wgsl`; a second import adds nothing.
 * @param missing stands for a text that is not at hand; none: that is an error
 */
function inline(text: string, variant: Variant, found: Found, missing?: string): string {
  const { kernel, flags = {}, cell } = variant;
  return applyFlags(text, flags, found.flags).replace(/^[ \t]*#import[ \t]+(\S+)[ \t]*$/gm, (_, name: string) => {
    if (found.seen.has(name)) return "";
    found.seen.add(name);
    const path = `../../shaders/${name}.wgsl`;
    const part = name === "cell" ? cell?.source : (kernel.parts?.[name] ?? SHARED[path] ?? loaded[path] ?? missing);
    if (part === undefined) throw new Error(`internal: nothing to import as ${name}`);
    return inline(part, variant, found, missing);
  });
}

/** Cuts the text at `#if NAME` into the strings and values that the preprocessor's tag function takes. */
function applyFlags(text: string, flags: Readonly<Record<string, boolean>>, asked: Set<string>): string {
  const pieces = text.split(/(?<=#if[ \t])[ \t]*(\w+)/);
  const strings = pieces.filter((_, i) => i % 2 === 0);
  const names = pieces.filter((_, i) => i % 2 === 1);
  for (const name of names) asked.add(name);
  return wgsl(strings, ...names.map((name) => flags[name] ?? false));
}

/** Gives `const NAME = 64u;` the variant's value in place of its default. */
function spliceConstants(text: string, constants: Readonly<Record<string, number>>, kernel: string): string {
  return Object.entries(constants).reduce((spliced, [name, value]) => {
    const declaration = new RegExp(`^(const ${name}(?:: ?u32)? ?= ?)\\d+(u?;)`, "m");
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
  const body = /struct Dims ?\{([^}]*)\}/.exec(source)?.[1] ?? "";
  return [...body.matchAll(/(\w+)\s*:\s*(u32|f32|vec4u)\s*,/g)].flatMap(([, name, type]) =>
    type === "vec4u"
      ? [..."xyzw"].map((letter) => ({ name: `${name}.${letter}`, type: "u32" as const }))
      : { name: name as string, type: type as DimsField["type"] },
  );
}
