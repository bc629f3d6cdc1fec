/**
 * How many rows of the table a workgroup owns. Every workgroup searches all ids, so that a large vocabulary wants few
 * of them; a small one wants enough to keep the GPU busy.
 */
export const embeddingTile = (vocabulary: number): { SPAN: number } => ({ SPAN: vocabulary > 1024 ? 32 : 8 });
