import type { Gpu } from "../../src/gpu/device.ts";
import { softmaxCrossEntropy as kernel } from "../../src/kernels.ts";
import { lossTile } from "../../src/ops/loss-tiles.ts";
import { softmaxCrossEntropy as twin } from "../../src/oracle/softmax_cross_entropy.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, playDispatch } from "./check.ts";
import { noise, randomIds } from "./noise.ts";

const EPSILON = 2 ** -24;

interface Rows {
  rows: number;
  vocabulary: number;
  gradient?: boolean;
  /** Every third row counts for nothing, the others for 1 to 2 divided by the rows. */
  weighted?: boolean;
  /** Label smoothing. */
  smoothing?: number;
  /** Classes count for 0 to 1. */
  classes?: boolean;
  /** Logits lie within ± this. */
  bound?: number;
  /** More than the rows need, along y too. */
  grid?: Workgroups;
}

const gridOf = (rows: number, vocabulary: number): Workgroups => [Math.ceil(rows / lossTile(vocabulary).ROWS), 1, 1];

/**
 * Relative error of the sum of exponentials, in units of 2^-24: one for each addition; twice (one exponential within
 * the invocation, one across) 3 + 2 |x| units in the last place for an exponential (WGSL), which weighted by the
 * exponentials themselves is at most 3 + 2 ln V. The logarithm adds an error of 2^-21, or 3 units in the last place,
 * and subtracting logits of ± bound rounds thrice. A gradient adds another exponential and a division. Smoothing adds a
 * sum over all classes of terms of at most 2 · bound, of which each invocation rounds V / LANES times and the first LANES
 * times. Weights are at most 2 / rows; they and the class weights, at most 1, round three times more.
 */
function tolerances({ rows, vocabulary, bound = 6, smoothing = 0 }: Rows) {
  const { LANES } = lossTile(vocabulary);
  const exponential = 2 * (3 + 2 * Math.log(vocabulary));
  const sum = vocabulary / LANES + LANES + 2 * exponential;
  const spread = smoothing * 2 * bound * (vocabulary / LANES + LANES + 8);
  const most = 2 / rows;
  return {
    losses: (_: number, loss: number) =>
      most * (2 ** -21 + (sum + spread + 6 * bound) * EPSILON) + 9 * Math.abs(loss) * EPSILON,
    dlogits: most * (sum + exponential + 11) * EPSILON,
  };
}

async function checkRows(gpu: Gpu, shape: Rows): Promise<void> {
  const { rows, vocabulary, gradient = true, bound = 6, grid = gridOf(rows, vocabulary) } = shape;
  const { weighted = false, classes = false, smoothing = 0 } = shape;
  const flags = { GRADIENT: gradient, WEIGHTED: weighted, CLASSES: classes, SMOOTHED: smoothing > 0 };
  await checkDispatch(gpu, {
    variant: { kernel, flags, constants: lossTile(vocabulary) },
    twin,
    dims: {
      rows,
      vocabulary,
      ...(weighted ? {} : { scale: Math.fround(1 / rows) }),
      ...(smoothing > 0 ? { smoothing } : {}),
    },
    buffers: {
      logits: noise(rows * vocabulary, 1, bound),
      targets: randomIds(rows, 2, vocabulary),
      losses: noise(rows, 3),
      ...(weighted ? { weights: noise(rows, 5).map((w, i) => (i % 3 === 1 ? 0 : (1 + Math.abs(w)) / rows)) } : {}),
      ...(classes ? { classes: noise(vocabulary, 6).map(Math.abs) } : {}),
      ...(gradient ? { dlogits: noise(rows * vocabulary, 4) } : {}),
    },
    workgroups: grid,
    tolerance: tolerances(shape),
  });
}

/** One logit; rows around a workgroup's share; vocabularies around each change of shape, up to a whole workgroup a row. */
const sizes: readonly Rows[] = [
  { rows: 1, vocabulary: 1 },
  { rows: 65, vocabulary: 63 },
  { rows: 31, vocabulary: 64 },
  { rows: 32, vocabulary: 65 },
  { rows: 33, vocabulary: 65, gradient: false },
  { rows: 33, vocabulary: 65, weighted: true },
  { rows: 33, vocabulary: 65, smoothing: 0.25 },
  { rows: 33, vocabulary: 65, classes: true },
  { rows: 33, vocabulary: 65, weighted: true, smoothing: 0.125, classes: true, gradient: false },
  { rows: 7, vocabulary: 2049, weighted: true, smoothing: 0.125, classes: true },
  { rows: 5, vocabulary: 513 },
  { rows: 3, vocabulary: 2049 },
  { rows: 2, vocabulary: 10_007 },
];

const name = ({ rows, vocabulary, gradient = true, weighted, smoothing, classes }: Rows): string => {
  const parts = { gradient, weights: weighted, smoothing, "class weights": classes };
  const on = Object.entries(parts).flatMap(([part, given]) => (given ? [part] : []));
  return `[${rows}, ${vocabulary}]${on.length > 0 ? ` with ${on.join(", ")}` : ""}`;
};

/** One row in three holds what no loss comes from. */
const broken = [
  { what: "NaN", logits: [0.5, Number.NaN, -1, 2] },
  { what: "an infinite logit", logits: [0.5, Number.POSITIVE_INFINITY, -1, 2] },
  { what: "no logit above -infinity", logits: new Array<number>(4).fill(Number.NEGATIVE_INFINITY) },
];

export const cases: GpuCase[] = [
  ...sizes.map((size) => ({ name: name(size), run: (gpu: Gpu) => checkRows(gpu, size) })),
  {
    name: "a grid of workgroups along x and y",
    run: (gpu) => checkRows(gpu, { rows: 5 * 64 + 1, vocabulary: 3, grid: [2, 4, 1] }),
  },
  {
    name: "logits of ±1e4 stay finite and right",
    run: (gpu) => checkRows(gpu, { rows: 9, vocabulary: 65, bound: 1e4 }),
  },
  ...broken.map(({ what, logits }) => ({
    name: `${what} in a row: its loss is not finite, that of its neighbours is`,
    run: async (gpu: Gpu) => {
      const { losses } = await playDispatch(gpu, {
        variant: { kernel, flags: { GRADIENT: true }, constants: lossTile(4) },
        dims: { rows: 3, vocabulary: 4, scale: 1 },
        buffers: {
          logits: Float32Array.of(1, 2, 3, 4, ...logits, 4, 3, 2, 1),
          targets: Uint32Array.of(0, 0, 3),
          losses: new Float32Array(3),
          dlogits: new Float32Array(12),
        },
        workgroups: gridOf(3, 4),
      });
      const finite = [...(losses as Float32Array)].map(Number.isFinite);
      if (finite.join() !== "true,false,true") throw new Error(`losses ${losses?.join()}`);
    },
  })),
];
