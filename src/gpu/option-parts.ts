/** Kernels, and parts of them, that some options of layers and trainers ask for. */
export const parts: Record<string, string> = import.meta.glob(
  "../../shaders/{accumulate,copy_rows,draw_mask,dropout,learned_state,shared/{more_activations,random,*_tail}}.wgsl",
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);
