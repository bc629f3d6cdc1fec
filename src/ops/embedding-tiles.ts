/** How the kernels of a table with E columns go about it. */
interface EmbeddingTile {
  /** Four columns at a time. */
  readonly VECTORS: boolean;
  /** Invocations side by side along a row. */
  readonly LANES: number;
  /** Rows of the table that a workgroup owns on the way back. */
  readonly SPAN: number;
}

/** Bytes of workgroup memory that the sums may take. */
const SUMS = 8192;

/**
 * On the way back every workgroup searches all ids, so that a large vocabulary wants few of them; a small one wants enough to
 * keep the GPU busy.
 */
export function embeddingTile(vocabulary: number, columns: number): EmbeddingTile {
  const VECTORS = columns % 4 === 0;
  const values = VECTORS ? columns / 4 : columns;
  const LANES = values > 32 ? 64 : values > 16 ? 32 : 16;
  const fits = SUMS / (LANES * (VECTORS ? 16 : 4));
  return { VECTORS, LANES, SPAN: vocabulary > 1024 ? Math.min(fits, 32) : 8 };
}

/** Columns of a workgroup. */
export const widthOf = ({ VECTORS, LANES }: Pick<EmbeddingTile, "VECTORS" | "LANES">): number =>
  VECTORS ? 4 * LANES : LANES;
