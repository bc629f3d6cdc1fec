import { costsOf } from "../costs.ts";
import type { Workgroups } from "../plan/step.ts";
import { quadsOf, type Target } from "../variant.ts";

interface GemmShape {
  m: number;
  n: number;
  k: number;
  /** What the product is: the flags of `shaders/gemm.wgsl` that say nothing of tiles. */
  flags: Readonly<Record<string, boolean>>;
  /** Whether the adapter computes on the CPU. */
  software: boolean;
  /** Whether it has subgroups of four. */
  quads?: boolean;
  /** Elements from a row of A as it is stored to the next, and the first of B and C in what is bound; for quads. */
  aStride?: number;
  bOffset?: number;
  cOffset?: number;
  /** How many share the dispatch. Default 1. */
  parts?: number;
  /** Elements from one to the next in A, B and C, by the names in `Dims`; for quads. */
  distances?: Readonly<Record<string, number>>;
}

interface GemmVariant {
  flags: Record<string, boolean>;
  constants: Record<string, number>;
  workgroups: Workgroups;
}

interface Tile {
  /** Operands go through workgroup memory. */
  staged: boolean;
  /** 8 x 8 outputs an invocation, else 4 x 4. */
  wide: boolean;
}

/** Invocations of a workgroup, and of a staged tile each way. */
const LANES = 64;
const GRID = 8;
/** Terms of each sum that staged tiles hold at a time, at most: fewer take as long. */
const TILE_K = 16;

/** Rows of a tile of four invocations, and its columns. */
const QUAD_TILE = 32;

/** The share of such tiles that a product fills at least. */
const LEAST_FILLED = 0.5;

/** Chooses the tiles of C[M, N] = op(A)[M, K] · op(B)[K, N] from its sizes; none changes the order of a sum. */
export function gemmVariant(shape: GemmShape): GemmVariant {
  const { m, n, k, flags, software, parts = 1 } = shape;
  if (quadsOf(shape) && fillsQuads(m, n, k)) {
    return {
      flags: quadFlags(shape),
      constants: {},
      workgroups: [Math.ceil(n / QUAD_TILE), Math.ceil(m / QUAD_TILE), parts],
    };
  }
  const { staged, wide } = software ? softwareTile(m, n) : hardwareTile(shape, parts);
  const rows = Math.ceil(m / edge(wide));
  const columns = Math.ceil(n / edge(wide));
  return {
    flags: { ...flags, STAGED: staged, WIDE: wide },
    constants: staged ? { TILE_K: k > TILE_K / 2 ? TILE_K : TILE_K / 2 } : {},
    workgroups: staged
      ? [Math.ceil(columns / GRID), Math.ceil(rows / GRID), parts]
      : [Math.ceil((rows * columns) / LANES), 1, parts],
  };
}

/** Workgroups that keep a core of a GPU busy: twice what fills its 128 lanes, since loads are waited for. */
const PER_CORE = 4;

/**
 * Chooses into how many parts K is cut, each for workgroups of its own: 1 where C has tiles for all cores, as it has for the
 * few of a CPU. Of the divisors of K that is taken whose tiles of 4 x 4 and the dispatch that adds up what they have written
 * should take least. Unlike that of tiles this choice changes the order of sums; sizes and the kind of adapter decide it.
 * @param alike products that share a dispatch as long as K is not cut
 */
export function partsOfK({ m, n, k }: Pick<GemmShape, "m" | "n" | "k">, target: Target, alike: number): number {
  if (target.software) return 1;
  const { cores, dispatch, multiplyAdd, byte } = costsOf(target);
  const atOnce = PER_CORE * cores;
  const side = GRID * edge(false);
  const tiles = Math.ceil(m / side) * Math.ceil(n / side);
  const product = (parts: number): number =>
    Math.max(k / parts, TILE_K) * side ** 2 * Math.max(parts * tiles, atOnce) * multiplyAdd;
  let [best, least] = [1, product(1)]; // of all alike, where cores are left idle
  for (let parts = 2; parts <= atOnce; parts++) {
    const cost = alike * (product(parts) + dispatch + 4 * (2 * parts + 1) * m * n * byte);
    if (k % parts === 0 && cost < least) [best, least] = [parts, cost];
  }
  return best;
}

const edge = (wide: boolean): number => (wide ? 8 : 4);

/** Loads four elements at a time where rows as they are stored begin and end at multiples of four. */
export function quadFlags(shape: GemmShape): GemmVariant["flags"] {
  const { n, k, flags, aStride, bOffset = 0, cOffset = 0, distances = {} } = shape;
  const { a_part: a = 0, b_part: b = 0, c_part: c = 0 } = distances;
  const fours = (...counts: number[]): boolean => counts.every((count) => count % 4 === 0);
  return {
    ...flags,
    QUADS: true,
    TAIL: k % 8 !== 0,
    A_VECTORS: !flags.TRANSPOSE_A && fours(k, aStride ?? k, a),
    B_VECTORS: fours(flags.TRANSPOSE_B ? k : n, bOffset, b),
    C_VECTORS: fours(n, cOffset, c),
  };
}

/** Fewest multiply-adds of a product that is worth compiling such tiles for. */
const LEAST_WORK = 2 ** 23;

/**
 * SwiftShader spends some 13 multiply-adds on each number loaded for the four invocations of a subgroup. Four that share
 * their rows reach 9.2 GFLOP/s at 256³ and 9.5 at 512³, some 40% of the 24 that multiply-adds alone reach on two cores; tiles
 * of their own reach 0.4 and 0.3 of that, so that these still win where they hang over (65 columns fill 96: 1.4 to 2 times
 * as fast). They take 0.3 s longer to compile, which is back after some hundred steps of training.
 */
function fillsQuads(m: number, n: number, k: number): boolean {
  if (m * n * k < LEAST_WORK) return false;
  const padded = Math.ceil(m / QUAD_TILE) * Math.ceil(n / QUAD_TILE) * QUAD_TILE ** 2;
  return m * n >= LEAST_FILLED * padded;
}

/**
 * On a CPU a load costs as much as several multiply-adds, so 8 x 8; staging costs more than it saves, for workgroup memory
 * is no nearer than any other and a barrier switches stacks. At 256³, of the speed of 8 x 8: on SwiftShader 0.5 by 4 x 4,
 * staged 0.4 to 0.6 and 0.3; on llvmpipe 0.9 by 4 x 4, staged 0.8 and 0.6.
 */
function softwareTile(m: number, n: number): Tile {
  return { staged: false, wide: Math.min(m, n) > 4 };
}

function hardwareTile({ m, n, k }: GemmShape, parts: number): Tile {
  // A vector, as in sampling, or a product this thin gives neighbours next to nothing to share.
  if (Math.min(m, n, k) <= 4) return { staged: false, wide: false };
  const tiles = (wide: boolean): number => Math.ceil(m / (GRID * edge(wide))) * Math.ceil(n / (GRID * edge(wide)));
  // Wide tiles load half as much for each product, but there are a quarter as many to keep the cores busy (128: two for
  // each core of a large GPU's 64), and they may hang further over the edges of C (a vocabulary of 65 fills 96, or 128).
  const overhang = (4 * tiles(true)) / tiles(false);
  return { staged: true, wide: parts * tiles(true) >= 128 && overhang <= 1.25 };
}
