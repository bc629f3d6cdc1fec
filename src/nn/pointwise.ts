import type { Layer, LayerConfig, Unsized } from "./layer.ts";

/** A layer without parameters that changes each feature by itself: [T, B, N] → [T, B, N]. */
export const pointwise = (kind: string, config: LayerConfig, record: Layer["record"]): Unsized => ({
  kind,
  fit: ({ output, reversedFrom = output }) => ({
    kind,
    config,
    parameters: [],
    input: output,
    output,
    reversedFrom,
    record,
  }),
});
