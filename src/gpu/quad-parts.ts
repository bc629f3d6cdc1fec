/** Parts of the kernels for subgroups of four, as SwiftShader has them. */
export const parts: Record<string, string> = import.meta.glob("../../shaders/shared/quad_*.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
