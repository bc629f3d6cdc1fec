import { gru } from "../../src/nn/gru.ts";
import { jordan } from "../../src/nn/jordan.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { mgu } from "../../src/nn/mgu.ts";
import { indrnn, rnn } from "../../src/nn/rnn.ts";
import type { Recording } from "./recorded-dispatch.ts";
import { HARDWARE, LITTLE_STORAGE, SPLIT, STAGED, STATIONARY } from "./targets.ts";

/** Scans of which rows go through workgroup memory, and one of so many units that an invocation has two. */
const stagedScans = [
  { name: "lstm of 17 units", layer: (given) => lstm(2, 17, given), batch: 33, time: 2, target: LITTLE_STORAGE },
  {
    name: "gru of 17 units, normalised, with zoneout and recurrent dropout",
    layer: (given) => gru(2, 17, { ...given, layerNorm: true, zoneout: 0.3, recurrentDropout: 0.25 }),
    batch: 5,
    time: 2,
  },
  { name: "indrnn of 65 units", layer: (given) => indrnn(2, 65, given), batch: 3, time: 5 },
  { name: "rnn of 257 units", layer: (given) => rnn(2, 257, given), batch: 3, time: 1 },
] satisfies readonly Recording[];

/** Scans of which weights stay in registers: 4 of an invocation or up to 16, one invocation for a unit or several. */
const stationaryScans = [
  { name: "rnn of 1 unit", layer: (given) => rnn(1, 1, given), batch: 1, time: 2 },
  {
    name: "lstm of 5 units, coupled, with peepholes",
    layer: (given) => lstm(2, 5, { ...given, coupled: true, peepholes: true }),
    batch: 3,
    time: 2,
  },
  { name: "lstm of 17 units", layer: (given) => lstm(2, 17, given), batch: 33, time: 2 },
  {
    name: "gru of 25 units, bidirectional, with zoneout, recurrent dropout, rows of several lengths, all of dL/dh kept",
    layer: (given) => gru(2, 25, { ...given, direction: "bidirectional", zoneout: 0.3, recurrentDropout: 0.25 }),
    batch: 5,
    time: 3,
    lengths: [1, 3, 2, 3, 1],
    flow: true,
  },
  { name: "rnn of 64 units", layer: (given) => rnn(2, 64, given), batch: 1, time: 3 },
  {
    name: "gru of 33 units, reset before, bidirectional, with zoneout and recurrent dropout",
    layer: (given) =>
      gru(2, 33, { ...given, reset: "before", direction: "bidirectional", zoneout: 0.3, recurrentDropout: 0.25 }),
    batch: 5,
    time: 3,
  },
  { name: "mgu of 18 units", layer: (given) => mgu(2, 18, given), batch: 1, time: 3 },
  {
    name: "lstm of 17 units projected to 5, rows of several lengths, all of dL/dh kept",
    layer: (given) => lstm(2, 17, { ...given, projection: 5 }),
    batch: 3,
    time: 3,
    lengths: [1, 3, 2],
    flow: true,
  },
  { name: "jordan of 3 units, 17 outputs", layer: (given) => jordan(2, 3, 17, given), batch: 33, time: 2 },
] satisfies readonly Recording[];

/** Scans of which products are split over k, but weights stream past. */
const splitScans = [
  { name: "lstm of 64 units", layer: (given) => lstm(2, 64, given), batch: 5, time: 2 },
  {
    name: "gru of 67 units, reverse",
    layer: (given) => gru(2, 67, { ...given, direction: "reverse" }),
    batch: 3,
    time: 2,
  },
  { name: "rnn of 127 units", layer: (given) => rnn(2, 127, given), batch: 1, time: 2 },
  {
    name: "gru of 97 units, reset before",
    layer: (given) => gru(2, 97, { ...given, reset: "before" }),
    batch: 5,
    time: 2,
  },
] satisfies readonly Recording[];

/** As a GPU takes them. */
export const hardwareScans: readonly Recording[] = (
  [
    ["staged", STAGED, stagedScans],
    ["stationary", STATIONARY, stationaryScans],
    ["split", SPLIT, splitScans],
  ] as const
).flatMap(([word, scan, scans]) =>
  scans.map((recording: Recording) => ({
    target: HARDWARE,
    ...recording,
    name: `${word} ${recording.name}`,
    flags: { scan },
  })),
);

/** Of the step machine: more units than a workgroup owns, as hardware shares them out, with products split over k or not. */
export const hardwareSteps: readonly Recording[] = [
  { name: "mgu of 65 units for hardware", layer: (given) => mgu(2, 65, given), batch: 3, time: 2, target: HARDWARE },
  {
    name: "split rnn of 1 unit",
    layer: (given) => rnn(1, 1, given),
    batch: 1,
    time: 2,
    target: HARDWARE,
    flags: { step: SPLIT },
  },
  {
    name: "split lstm of 65 units, bidirectional, with peepholes",
    layer: (given) => lstm(2, 65, { ...given, direction: "bidirectional", peepholes: true }),
    batch: 5,
    time: 2,
    target: HARDWARE,
    flags: { step: SPLIT },
  },
  {
    name: "split gru of 33 units, reverse, with zoneout, recurrent dropout, rows of several lengths, all of dL/dh kept",
    layer: (given) => gru(2, 33, { ...given, direction: "reverse", zoneout: 0.3, recurrentDropout: 0.25 }),
    batch: 3,
    time: 3,
    lengths: [1, 3, 2],
    flow: true,
    target: HARDWARE,
    flags: { step: SPLIT },
  },
];

/** Two rows, of whose products the last pieces reach beyond the last unit, where the other row lies. */
export const twoRows: Recording = {
  name: "split lstm of 33 units",
  layer: (given) => lstm(2, 33, given),
  batch: 2,
  time: 1,
  target: HARDWARE,
  flags: { step: SPLIT },
};
