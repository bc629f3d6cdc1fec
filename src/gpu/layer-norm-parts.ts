/** Parts of the kernels of recurrent layers that normalise. */
export const parts: Record<string, string> = import.meta.glob(
  "../../shaders/shared/{normalise,denormalise,row_sums}.wgsl",
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);
