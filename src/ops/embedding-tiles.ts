import type { Target } from "../variant.ts";

/** A variant of a kernel of tables with E columns, which loads four columns at a time where it can. */
interface Tile {
  readonly flags: { readonly VECTORS: boolean; readonly QUADS?: boolean };
  readonly constants: Readonly<Record<"LANES", number>>;
}

/** On the way back. */
interface BackwardTile extends Tile {
  readonly constants: Readonly<Record<"LANES" | "SPAN", number>>;
  /** Columns of a workgroup. */
  readonly width: number;
}

/** Invocations of a subgroup that goes through whole rows. */
const QUAD = 4;
/** Columns, or four of them each, of an invocation of such a subgroup and of a row of the table. */
const QUAD_SUMS = 256;
/** Bytes of workgroup memory that the sums of other workgroups may take. */
const SUMS = 8192;

/** Invocations side by side along a row: on SwiftShader a subgroup costs more than a loop. */
export function forwardTile(columns: number, target: Target): Tile {
  const VECTORS = columns % 4 === 0;
  const values = columns / (VECTORS ? 4 : 1);
  return { flags: { VECTORS }, constants: { LANES: readsRows(target) ? QUAD : lanesOf(values) } };
}

/**
 * On the way back every workgroup searches all ids, so that a large vocabulary wants few of them; a small one wants enough to
 * keep the GPU busy.
 */
export function backwardTile(vocabulary: number, columns: number, target: Target): BackwardTile {
  const VECTORS = columns % 4 === 0;
  const number = VECTORS ? 4 : 1;
  const large = vocabulary > 1024;
  if (readsRows(target)) {
    const SPAN = large ? 32 : 8;
    const VALUES = QUAD_SUMS / SPAN;
    const constants = { LANES: QUAD, SPAN, VALUES };
    return { flags: { VECTORS, QUADS: true }, constants, width: number * QUAD * VALUES };
  }
  const LANES = lanesOf(columns / number);
  const SPAN = large ? Math.min(SUMS / (LANES * 4 * number), 32) : 8;
  return { flags: { VECTORS }, constants: { LANES, SPAN }, width: number * LANES };
}

const readsRows = ({ software, quads = false }: Target): boolean => software && quads;

const lanesOf = (values: number): number => (values > 32 ? 64 : values > 16 ? 32 : 16);
