/** Parts of the kernels for weights in float16. */
export const parts: Record<string, string> = import.meta.glob("../../shaders/shared/half_*.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
