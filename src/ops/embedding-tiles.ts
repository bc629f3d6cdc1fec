import { quadsOf, type Target } from "../variant.ts";

/** A variant of a kernel of tables with E columns, which loads four columns at a time where it can. */
interface Tile {
  readonly flags: { readonly VECTORS: boolean; readonly QUADS?: boolean };
  /** LANES: invocations side by side along a row. */
  readonly constants: Readonly<Record<"LANES", number>>;
}

/** On the way back. */
interface BackwardTile extends Tile {
  /** SPAN: rows of the table that a workgroup owns. VALUES, by QUADS alone: columns of an invocation, by VECTORS in fours. */
  readonly constants: Readonly<Record<"LANES" | "SPAN", number> & { VALUES?: number }>;
  /** Columns of a workgroup. */
  readonly width: number;
}

/** Invocations of a subgroup that goes through whole rows. */
const QUAD = 4;
/** Most SPAN × VALUES of such a subgroup: with VECTORS 16 kB, so that the sums stay in the nearest cache. */
const QUAD_SUMS = 256;
/** Bytes of workgroup memory that the sums of other workgroups may take. */
const SUMS = 8192;
/** Fewest rows of the table that a workgroup owns on the CPU. */
const FEWEST = 8;
/** Workgroups along the table that keep the adapter busy. */
const BUSY = 16;

/** On SwiftShader a subgroup costs more than a turn of a loop. */
export function forwardTile(columns: number, target: Target): Tile {
  const VECTORS = columns % 4 === 0;
  const values = columns / (VECTORS ? 4 : 1);
  return { flags: { VECTORS }, constants: { LANES: quadsOf(target) ? QUAD : lanesOf(values) } };
}

/**
 * On the way back every workgroup searches all ids, so that a large vocabulary wants few of them; a small one wants enough to
 * keep the adapter busy. An invocation adds up one after another all that its rows were looked up for: on a GPU each addition
 * waits for memory, and searching is cheap, so that it has a single row there.
 */
export function backwardTile(vocabulary: number, columns: number, target: Target): BackwardTile {
  const VECTORS = columns % 4 === 0;
  const perValue = VECTORS ? 4 : 1;
  const values = columns / perValue;
  if (quadsOf(target)) {
    const VALUES = Math.min(Math.ceil(values / QUAD), QUAD_SUMS / FEWEST);
    const SPAN = Math.min(Math.max(Math.ceil(vocabulary / BUSY), FEWEST), Math.floor(QUAD_SUMS / VALUES));
    const constants = { LANES: QUAD, SPAN, VALUES };
    return { flags: { VECTORS, QUADS: true }, constants, width: perValue * QUAD * VALUES };
  }
  const LANES = lanesOf(values);
  const few = target.software ? FEWEST : 1;
  const SPAN = vocabulary > 1024 ? Math.min(SUMS / (LANES * 4 * perValue), 32) : few;
  return { flags: { VECTORS }, constants: { LANES, SPAN }, width: perValue * LANES };
}

const lanesOf = (values: number): number => (values > 32 ? 64 : values > 16 ? 32 : 16);
