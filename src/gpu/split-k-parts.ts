/** Parts of the recurrent kernels for adapters where their products are split over k. */
export const parts: Record<string, string> = import.meta.glob("../../shaders/shared/split_k*.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
