/** Parts of the kernels of cells with a second stage. */
export const parts: Record<string, string> = import.meta.glob(
  "../../shaders/shared/{second_*,finish,unfinish,project}.wgsl",
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);
