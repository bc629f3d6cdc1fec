import type { Gpu } from "../../src/gpu/device.ts";
import { gemm as kernel } from "../../src/kernels.ts";
import { quadFlags as flagsOfQuads, gemmVariant } from "../../src/ops/gemm-tiles.ts";
import { gemm as twin } from "../../src/oracle/gemm.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

type Flags = Readonly<Record<string, boolean>>;

interface Product {
  m: number;
  n: number;
  k: number;
  flags?: Flags;
  /** Where things do not lie as usual: first elements of B and C in their bindings, and what lies behind a row of A. */
  place?: Place;
}

interface Place {
  readonly b: number;
  readonly c: number;
  readonly gap: number;
  /** Of three products in one dispatch, what lies between what they read and write; without b: they share B. */
  readonly between?: { readonly a: number; readonly b?: number; readonly c: number };
}

const USUAL: Place = { b: 0, c: 0, gap: 0 };

/** A variant of the kernel, and the side of what a workgroup (staged) or an invocation owns. */
interface Tiling {
  name: string;
  flags: Flags;
  constants?: Readonly<Record<string, number>>;
  edge: number;
}

const TILE_K = 8;
const narrow: Tiling = { name: "4 x 4", flags: {}, edge: 4 };
const wide: Tiling = { name: "8 x 8", flags: { WIDE: true }, edge: 8 };
const stagedNarrow: Tiling = { name: "staged 4 x 4", flags: { STAGED: true }, constants: { TILE_K }, edge: 32 };
const stagedWide: Tiling = {
  name: "staged 8 x 8",
  flags: { STAGED: true, WIDE: true },
  constants: { TILE_K },
  edge: 64,
};
const tilings: readonly Tiling[] = [narrow, wide, stagedNarrow, stagedWide];

/** A and B are read independently of each other, so that these two meet every way of reading either. */
const transposes: readonly Flags[] = [{}, { TRANSPOSE_A: true, TRANSPOSE_B: true }];

const flagNames = (flags: Flags): string => Object.keys(flags).join(" ") || "no transpose";

/** Parts from an element on, a distance apart, among numbers that spoil every product that they get into. */
function framed(
  parts: readonly Float32Array[],
  { first, distance, spoiling }: { readonly first: number; readonly distance: number; readonly spoiling: number },
): Float32Array {
  const ends = parts.map(({ length }, p) => first + p * distance + length);
  const frame = new Float32Array(Math.max(...ends) + 64).fill(spoiling);
  parts.forEach((part, p) => {
    frame.set(part, first + p * distance);
  });
  return frame;
}

/** Rows with numbers between them that spoil what they get into; the kernel may multiply them by 0. */
function spaced(a: Float32Array, columns: number, gap: number): Float32Array {
  const rows = new Float32Array((a.length / columns) * (columns + gap)).fill(1e6);
  for (let at = 0; at < a.length; at += columns) {
    rows.set(a.subarray(at, at + columns), (at / columns) * (columns + gap));
  }
  return rows;
}

/** Elements from one of the products that share a dispatch to the next. */
function distancesOf({ m, n, k, flags = {}, place: { gap, between } = USUAL }: Product) {
  if (!between) return { a_part: 0, b_part: 0, c_part: 0 };
  const [rows, columns] = flags.TRANSPOSE_A ? [k, m] : [m, k];
  return {
    a_part: rows * (columns + gap) + between.a,
    b_part: between.b === undefined ? 0 : k * n + between.b,
    c_part: m * n + between.c,
  };
}

const magnitudes = (data: Float32Array): Float64Array => Float64Array.from(data, Math.abs);

/**
 * Checks one dispatch. In an element of C every product is rounded once and takes part in at most K - 1 additions, then
 * in that of the bias and of the old C: at most K + 2 roundings, each by 2^-24 of a partial sum that the sum of
 * the magnitudes bounds. The twin computes that sum from |A|, |B|, |bias| and |C|.
 */
async function checkProduct(
  gpu: Gpu,
  { m, n, k, flags = {}, place = USUAL }: Product,
  constants: Readonly<Record<string, number>>,
  tiles: Workgroups,
): Promise<void> {
  const columns = flags.TRANSPOSE_A ? m : k;
  const { gap } = place;
  const rows = spaced(noise(m * k, 1), columns, gap);
  const distances = distancesOf({ m, n, k, flags, place });
  const count = place.between ? 3 : 1;
  const parts = (numbers: Float32Array) => Array.from({ length: count }, (_, p) => numbers.map((x) => x + p / 8));
  const buffers = {
    a: framed(parts(rows), { first: 0, distance: distances.a_part, spoiling: 1e6 }),
    b: framed(parts(noise(k * n, 2)), { first: place.b, distance: distances.b_part, spoiling: Number.NaN }),
    c: noise(place.c + (count - 1) * distances.c_part + m * n + 5, 3),
    ...(flags.BIAS ? { bias: noise(n, 4) } : {}),
  };
  const dims = { m, n, k, a_stride: columns + gap, b_offset: place.b, c_offset: place.c, ...distances };
  const workgroups: Workgroups = [tiles[0], tiles[1], count];
  const bound = Object.fromEntries(Object.entries(buffers).map(([name, data]) => [name, magnitudes(data)]));
  twin({ buffers: bound, dims, flags, constants, workgroups });
  const tolerance = { c: (i: number) => (k + 2) * 2 ** -24 * (bound.c as Float64Array)[i] };
  await checkDispatch(gpu, { variant: { kernel, flags, constants }, twin, dims, buffers, workgroups, tolerance });
}

function checkTiling(gpu: Gpu, { flags, constants = {}, edge }: Tiling, product: Product): Promise<void> {
  const [rows, columns] = [Math.ceil(product.m / edge), Math.ceil(product.n / edge)];
  const workgroups: Workgroups = flags.STAGED ? [columns, rows, 1] : [Math.ceil((rows * columns) / 64), 1, 1];
  return checkProduct(gpu, { ...product, flags: { ...flags, ...product.flags } }, constants, workgroups);
}

/** Full tiles; one more or less each way; one element. */
const sizesAround = (edge: number): readonly Product[] => [
  { m: edge, n: edge, k: 2 * TILE_K },
  { m: edge + 1, n: edge - 1, k: TILE_K + 1 },
  { m: edge - 1, n: 2 * edge + 1, k: TILE_K - 1 },
  { m: 1, n: 1, k: 1 },
];

const tileCases = tilings.flatMap((tiling) =>
  transposes.map((flags) => ({
    name: `${tiling.name}, ${flagNames(flags)}: sizes around its edges`,
    run: async (gpu: Gpu) => {
      for (const size of sizesAround(tiling.edge)) await checkTiling(gpu, tiling, { ...size, flags });
    },
  })),
);

const placeCases = transposes.map((flags) => ({
  name: `B and C begin within their bindings and A has gaps between its rows, ${flagNames(flags)}`,
  run: async (gpu: Gpu) => {
    const place = { b: 37, c: 3, gap: 5 };
    for (const tiling of tilings) await checkTiling(gpu, tiling, { m: 9, n: 13, k: 18, flags, place });
  },
}));

const partCases = transposes.map((flags) => ({
  name: `three products in one dispatch, ${flagNames(flags)}`,
  run: async (gpu: Gpu) => {
    for (const between of [
      { a: 3, b: 1, c: 2 },
      { a: 0, c: 0 },
    ]) {
      const place = { b: 5, c: 3, gap: 2, between };
      for (const tiling of tilings) await checkTiling(gpu, tiling, { m: 9, n: 13, k: 18, flags, place });
    }
  },
}));

const epilogueCases = [
  { tiling: wide, flags: { BIAS: true } },
  { tiling: narrow, flags: { ACCUMULATE: true } },
  { tiling: stagedNarrow, flags: { BIAS: true, ACCUMULATE: true } },
].map(({ tiling, flags }) => ({
  name: `${tiling.name}, ${flagNames(flags)}`,
  run: (gpu: Gpu) => checkTiling(gpu, tiling, { m: 9, n: 13, k: 5, flags }),
}));

/** Each meets another line of the choice of tiles. */
const chosenProducts: readonly Product[] = [
  { m: 1, n: 65, k: 24, flags: { TRANSPOSE_B: true, BIAS: true } },
  { m: 33, n: 70, k: 2 },
  { m: 35, n: 65, k: 7, flags: { TRANSPOSE_B: true } },
  { m: 40, n: 9, k: 2048, flags: { TRANSPOSE_A: true } },
  { m: 2017, n: 256, k: 5 },
];

/** Full tiles; some that hang over both edges of C; where only K, N or neither allows four at a time; steps left over; three in one dispatch. */
const quadProducts: readonly Product[] = [
  { m: 32, n: 64, k: 8 },
  { m: 37, n: 44, k: 12, place: { b: 8, c: 4, gap: 4 } },
  { m: 33, n: 65, k: 16 },
  { m: 35, n: 36, k: 9, place: { b: 4, c: 3, gap: 0 } },
  { m: 34, n: 31, k: 10 },
  { m: 31, n: 33, k: 11, place: { b: 37, c: 3, gap: 5 } },
  { m: 1, n: 1, k: 1 },
  { m: 36, n: 44, k: 12, place: { ...USUAL, between: { a: 4, b: 8, c: 12 } } },
  { m: 36, n: 44, k: 12, place: { ...USUAL, between: { a: 1, b: 2, c: 3 } } },
  { m: 33, n: 36, k: 8, place: { ...USUAL, between: { a: 0, c: 1 } } },
];

/** A square, and the three products of a layer of 65 outputs. */
const worthQuads: readonly Product[] = [
  { m: 256, n: 256, k: 256 },
  { m: 2048, n: 65, k: 128 },
  { m: 2048, n: 128, k: 65 },
  { m: 65, n: 128, k: 2048 },
  { m: 512, n: 128, k: 128 },
];
/** A product that is too small to compile them for, and one that would fill less than half of them. */
const notWorthQuads = [
  { m: 512, n: 128, k: 127 },
  { m: 8192, n: 15, k: 128 },
];

const quadFlags: readonly Flags[] = [
  {},
  { TRANSPOSE_A: true, ACCUMULATE: true },
  { TRANSPOSE_B: true, BIAS: true },
  { TRANSPOSE_A: true, TRANSPOSE_B: true, BIAS: true, ACCUMULATE: true },
];

const quadCases = quadFlags.map((flags) => ({
  name: `tiles of four invocations, ${flagNames(flags)}; where there are no subgroups of four: that none is chosen`,
  run: async (gpu: Gpu) => {
    const { quads = false } = gpu.target;
    for (const size of worthQuads) {
      const chosen = gemmVariant({ ...size, flags, software: true, quads }).flags.QUADS ?? false;
      if (chosen !== quads) throw new Error(`tiles of four invocations: chosen ${chosen}, available ${quads}`);
    }
    for (const size of notWorthQuads) {
      if (gemmVariant({ ...size, flags, software: true, quads }).flags.QUADS)
        throw new Error("they are chosen too often");
    }
    if (!quads) return;
    for (const product of quadProducts) {
      const { m, n, k, place = USUAL } = product;
      const aStride = (flags.TRANSPOSE_A ? m : k) + place.gap;
      const places = { aStride, bOffset: place.b, cOffset: place.c, distances: distancesOf({ ...product, flags }) };
      const all = flagsOfQuads({ m, n, k, flags, software: true, ...places });
      await checkProduct(gpu, { ...product, flags: all }, {}, [Math.ceil(n / 32), Math.ceil(m / 32), 1]);
    }
  },
}));

const chosenCases = [false, true].flatMap((software) =>
  chosenProducts.map((product) => ({
    name: `[${product.m}, ${product.k}] x [${product.k}, ${product.n}], tiles for ${software ? "software" : "hardware"}`,
    run: (gpu: Gpu) => {
      const { flags, constants, workgroups } = gemmVariant({ ...product, flags: product.flags ?? {}, software });
      return checkProduct(gpu, { ...product, flags }, constants, workgroups);
    },
  })),
);

export const cases: GpuCase[] = [
  ...tileCases,
  ...placeCases,
  ...partCases,
  ...epilogueCases,
  ...quadCases,
  ...chosenCases,
];
