/** Random bits, and the kernels that draw masks of them. */
export const parts: Record<string, string> = import.meta.glob("../../shaders/{draw_mask,dropout,shared/random}.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
