import { gru } from "../../src/nn/gru.ts";
import { jordan } from "../../src/nn/jordan.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { mgu } from "../../src/nn/mgu.ts";
import { indrnn, rnn } from "../../src/nn/rnn.ts";
import type { Recording } from "./recorded-dispatch.ts";
import { FEW_INVOCATIONS, HARDWARE, LITTLE_STORAGE, SPLIT, STAGED, STATIONARY } from "./targets.ts";

/**
 * Every cell once. Among the sizes: all ones; quads of batch rows that are full, that are not, and one row beyond eight
 * of them; units that fill no tile, one unit beyond full tiles; many steps.
 */
const cells: readonly Recording[] = [
  { name: "rnn of 1 unit", layer: (given) => rnn(1, 1, given), batch: 1, time: 1 },
  { name: "indrnn of 17 units", layer: (given) => indrnn(2, 17, given), batch: 33, time: 2 },
  { name: "jordan of 17 units, 3 outputs", layer: (given) => jordan(2, 17, 3, given), batch: 3, time: 3 },
  { name: "jordan of 3 units, 17 outputs", layer: (given) => jordan(2, 3, 17, given), batch: 5, time: 2 },
  { name: "lstm of 129 units", layer: (given) => lstm(2, 129, given), batch: 3, time: 2 },
  {
    name: "lstm of 17 units, coupled, with peepholes, c within 0.2",
    layer: (given) => lstm(2, 17, { ...given, coupled: true, peepholes: true, cellClip: 0.2 }),
    batch: 33,
    time: 2,
  },
  {
    name: "lstm of 17 units projected to 5",
    layer: (given) => lstm(2, 17, { ...given, projection: 5 }),
    batch: 3,
    time: 3,
  },
  { name: "gru of 17 units", layer: (given) => gru(2, 17, given), batch: 3, time: 33 },
  {
    name: "gru of 17 units, reset before",
    layer: (given) => gru(2, 17, { ...given, reset: "before" }),
    batch: 33,
    time: 3,
  },
  { name: "mgu of 3 units", layer: (given) => mgu(2, 3, given), batch: 1, time: 33 },
];

/** Layers that normalise their products, which the step machine leaves to kernels of whole rows. */
export const normalised: readonly Recording[] = [
  {
    name: "lstm of 17 units, normalised, with peepholes",
    layer: (given) => lstm(2, 17, { ...given, layerNorm: true, peepholes: true }),
    batch: 5,
    time: 2,
  },
  {
    name: "gru of 17 units, normalised, bidirectional, rows of several lengths",
    layer: (given) => gru(2, 17, { ...given, layerNorm: true, direction: "bidirectional" }),
    batch: 3,
    time: 3,
    lengths: [1, 3, 2],
  },
  {
    name: "gru of 17 units, reset before, normalised, reverse, with recurrent dropout",
    layer: (given) =>
      gru(2, 17, { ...given, reset: "before", layerNorm: true, direction: "reverse", recurrentDropout: 0.25 }),
    batch: 5,
    time: 2,
  },
  {
    name: "mgu of 17 units, normalised",
    layer: (given) => mgu(2, 17, { ...given, layerNorm: true }),
    batch: 3,
    time: 3,
  },
  {
    name: "indrnn of 17 units, normalised, with recurrent dropout",
    layer: (given) => indrnn(2, 17, { ...given, layerNorm: true, recurrentDropout: 0.25 }),
    batch: 5,
    time: 2,
  },
];

/** The other options that change the kernels. */
const options: readonly Recording[] = [
  {
    name: "lstm of 17 units projected to 5, bidirectional, with zoneout and one mask of recurrent dropout, all of dL/dh kept",
    layer: (given) =>
      lstm(2, 17, {
        ...given,
        projection: 5,
        direction: "bidirectional",
        zoneout: 0.3,
        recurrentDropout: 0.25,
        recurrentDropoutMask: "sequence",
      }),
    batch: 5,
    time: 3,
    flow: true,
  },
  {
    name: "lstm of 5 units, the expectation of zoneout, rows of several lengths",
    layer: (given) => lstm(2, 5, { ...given, zoneout: 0.3 }),
    batch: 3,
    time: 3,
    lengths: [1, 3, 2],
    training: false,
  },
  {
    name: "rnn of 17 units, reverse, rows of several lengths, all of dL/dh kept",
    layer: (given) => rnn(2, 17, { ...given, direction: "reverse" }),
    batch: 3,
    time: 3,
    lengths: [3, 1, 2],
    flow: true,
  },
];

/** Float16 weights of each number of gates, of both stages and both directions, in odd and in even numbers, by every tile. */
const halves: readonly Recording[] = (
  [
    { name: "rnn of 17 units", layer: (given) => rnn(2, 17, given), batch: 33, time: 3 },
    {
      name: "lstm of 20 units, with peepholes",
      layer: (given) => lstm(2, 20, { ...given, peepholes: true }),
      batch: 3,
      time: 2,
    },
    {
      name: "gru of 17 units, reset before, bidirectional",
      layer: (given) => gru(2, 17, { ...given, reset: "before", direction: "bidirectional" }),
      batch: 5,
      time: 3,
    },
    {
      name: "lstm of 17 units projected to 5, bidirectional, with recurrent dropout and DropConnect",
      layer: (given) =>
        lstm(2, 17, { ...given, projection: 5, direction: "bidirectional", recurrentDropout: 0.25, dropConnect: 0.5 }),
      batch: 5,
      time: 3,
    },
    { name: "jordan of 3 units, 17 outputs", layer: (given) => jordan(2, 3, 17, given), batch: 1, time: 2 },
    {
      name: "gru of 17 units, normalised, bidirectional",
      layer: (given) => gru(2, 17, { ...given, layerNorm: true, direction: "bidirectional" }),
      batch: 3,
      time: 3,
    },
    {
      name: "mgu of 65 units for hardware",
      layer: (given) => mgu(2, 65, given),
      batch: 3,
      time: 2,
      target: HARDWARE,
    },
    {
      name: "staged lstm of 17 units",
      layer: (given) => lstm(2, 17, given),
      batch: 33,
      time: 2,
      target: LITTLE_STORAGE,
      flags: { scan: STAGED },
    },
    {
      name: "stationary gru of 17 units",
      layer: (given) => gru(2, 17, given),
      batch: 33,
      time: 2,
      target: HARDWARE,
      flags: { scan: STATIONARY },
    },
    {
      name: "stationary lstm of 17 units projected to 5",
      layer: (given) => lstm(2, 17, { ...given, projection: 5 }),
      batch: 3,
      time: 2,
      target: HARDWARE,
      flags: { scan: STATIONARY },
    },
    {
      name: "split rnn of 97 units",
      layer: (given) => rnn(2, 97, given),
      batch: 1,
      time: 2,
      target: HARDWARE,
      flags: { scan: SPLIT },
    },
  ] satisfies readonly Recording[]
).map(
  (recording): Recording => ({
    ...recording,
    name: `${recording.name}, R in float16`,
    target: { ...recording.target, half: true },
  }),
);

export const recordings: readonly Recording[] = [...cells, ...normalised, ...options, ...halves];

/** Layers one on the other, as a wavefront. */
export const wavefronts: readonly Recording[] = [
  { name: "lstm of 17 units, three layers", layer: (given) => lstm(2, 17, { ...given, layers: 3 }), batch: 5, time: 4 },
  {
    name: "gru of 3 units, two layers, one step",
    layer: (given) => gru(2, 3, { ...given, layers: 2 }),
    batch: 1,
    time: 1,
  },
  {
    name: "gru of 17 units, two layers, reverse, with zoneout, rows of several lengths, all of dL/dh kept",
    layer: (given) => gru(2, 17, { ...given, layers: 2, direction: "reverse", zoneout: 0.3 }),
    batch: 5,
    time: 4,
    lengths: [1, 4, 2, 3, 4],
    flow: true,
  },
  {
    name: "split rnn of 65 units, two layers",
    layer: (given) => rnn(2, 65, { ...given, layers: 2 }),
    batch: 3,
    time: 3,
    target: HARDWARE,
    flags: { wavefront: SPLIT },
  },
  {
    name: "split lstm of 33 units, two layers",
    layer: (given) => lstm(2, 33, { ...given, layers: 2 }),
    batch: 5,
    time: 2,
    target: HARDWARE,
    flags: { wavefront: SPLIT },
  },
  {
    name: "lstm of 17 units, three layers, R and W in float16",
    layer: (given) => lstm(2, 17, { ...given, layers: 3 }),
    batch: 5,
    time: 4,
    target: { half: true },
  },
  {
    name: "split gru of 65 units, two layers, R and W in float16",
    layer: (given) => gru(2, 65, { ...given, layers: 2 }),
    batch: 3,
    time: 3,
    target: { ...HARDWARE, half: true },
    flags: { wavefront: SPLIT },
  },
  {
    name: "rnn of 17 units, two layers, R and W in float16",
    layer: (given) => rnn(2, 17, { ...given, layers: 2 }),
    batch: 1,
    time: 2,
    target: { half: true },
  },
];

/** One of each way through the kernels, long enough to be cut. */
export const longRecordings: readonly Recording[] = [
  { name: "lstm of 20 units", layer: (given) => lstm(2, 20, given), batch: 5, time: 9 },
  {
    name: "staged gru of 20 units, with recurrent dropout",
    layer: (given) => gru(2, 20, { ...given, recurrentDropout: 0.25 }),
    batch: 5,
    time: 9,
    target: LITTLE_STORAGE,
    flags: { scan: STAGED },
  },
  {
    name: "stationary gru of 20 units, with recurrent dropout",
    layer: (given) => gru(2, 20, { ...given, recurrentDropout: 0.25 }),
    batch: 5,
    time: 9,
    target: HARDWARE,
    flags: { scan: STATIONARY },
  },
  {
    name: "split lstm of 36 units",
    layer: (given) => lstm(2, 36, given),
    batch: 5,
    time: 9,
    target: FEW_INVOCATIONS,
    flags: { scan: SPLIT },
  },
  {
    name: "gru of 20 units, reset before",
    layer: (given) => gru(2, 20, { ...given, reset: "before" }),
    batch: 5,
    time: 9,
  },
  {
    name: "stationary gru of 20 units, reset before",
    layer: (given) => gru(2, 20, { ...given, reset: "before" }),
    batch: 5,
    time: 9,
    target: HARDWARE,
    flags: { scan: STATIONARY },
  },
  {
    name: "staged indrnn of 20 units",
    layer: (given) => indrnn(2, 20, given),
    batch: 5,
    time: 9,
    target: HARDWARE,
    flags: { scan: STAGED },
  },
];
