/** Activations that no cell has unless it is asked for them. */
export const parts: Record<string, string> = import.meta.glob("../../shaders/shared/more_activations.wgsl", {
  query: "?raw",
  import: "default",
  eager: true,
});
