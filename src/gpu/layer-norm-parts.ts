/** The kernels that normalise layers, and the parts of the recurrent ones that do. */
export const parts: Record<string, string> = import.meta.glob(
  "../../shaders/{layer_norm*,rnn_rows*,shared/{normalise,denormalise,row_moments,row_sums}}.wgsl",
  {
    query: "?raw",
    import: "default",
    eager: true,
  },
);
