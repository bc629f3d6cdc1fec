import { gru } from "../../src/nn/gru.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sizeOf } from "../../src/tensor.ts";
import { againstTwins } from "./against-twins.ts";
import type { GpuCase } from "./case.ts";
import { TOLERANCE } from "./compare-named.ts";
import { noise } from "./noise.ts";

const LAYERS = { lstm, gru } as const;

export interface Sizes {
  readonly cell: keyof typeof LAYERS;
  readonly batch: number; // B
  readonly time: number; // T
  readonly hidden: number; // H
}

/** What the fixtures of PyTorch leave out of the awkward sizes; of 129 units they have an LSTM with a projection only. */
export const sizes: readonly Sizes[] = [
  { cell: "lstm", batch: 3, time: 2, hidden: 129 },
  { cell: "gru", batch: 3, time: 2, hidden: 64 },
  { cell: "gru", batch: 1, time: 2, hidden: 1024 },
];

export const cases: readonly GpuCase[] = sizes.flatMap(({ cell, batch, time, hidden }) =>
  againstTwins({
    name: `${cell}, B ${batch} T ${time} I 3 H ${hidden}`,
    layer: (given) => LAYERS[cell](3, hidden, given),
    batch,
    time,
    draw: (name, shape, stream) =>
      noise(sizeOf(shape), stream, /^(weight|bias)/.test(name) ? 1 / Math.sqrt(hidden) : 1),
    relative: TOLERANCE,
  }),
);
