/** The kernels that draw masks. */
export const parts: Record<string, string> = import.meta.glob("../../shaders/{draw_mask,dropout,shared/random}.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
