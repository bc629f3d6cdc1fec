import {
  CORRECTION1,
  CORRECTION2,
  FACTOR,
  HISTORY,
  LOSS,
  NORM,
  RATE,
  REFUSED,
  RING,
  SCALE,
  SPOILT,
  STEP,
} from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { clip as kernel } from "../../src/kernels.ts";
import { clip as twin } from "../../src/oracle/clip.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, compare, type Elements, playDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;
const EPSILON = 2 ** -24;

/** As float32, in which the kernel gets them: 1 - beta is then exact on both sides. */
const betas = { beta1: Math.fround(0.9), beta2: Math.fround(0.999) };

/** Before the 262nd step, which writes the loss 1.5 to place 5 of the ring, and the 259th update. */
function buffersFor(partials: Float32Array, { loss = 1.5, spoilt = 0, factor = 0.75 } = {}): Record<string, Elements> {
  const control = noise(8, 2);
  control[LOSS] = loss;
  control[CORRECTION1] = 0.19;
  control[CORRECTION2] = 0.002;
  control[FACTOR] = factor;
  return { partials, control, counters: Uint32Array.of(HISTORY + 5, 258, 3, spoilt), losses: noise(HISTORY, 3) };
}

/** Pairs of positive sums, those of huge numbers 0. */
const pairs = (...ordinary: number[]): Float32Array => Float32Array.from(ordinary.flatMap((sum) => [sum, 0]));

const partialsOf = (count: number): Float32Array => pairs(...noise(count, 1).map(Math.abs));

interface Clip {
  maxNorm?: number;
  maxValue?: number;
  accumulate?: number;
  scheduled?: boolean;
  factor?: number;
  /** A loss of a step before that shares the update was not finite. */
  spoilt?: number;
  /** Units of the root in the last place. */
  root?: number;
}

/**
 * The norm is a root of a sum of positive numbers, each rounded P / LANES + LANES times, halved by the root, which
 * itself is right to 5 units in the last place (WGSL: the inverse of inverseSqrt). Huge numbers take three roots, two
 * divisions of 2.5 units and three more roundings: 23. Dividing by the steps that share an update takes 2.5. The factor
 * inherits that and adds two divisions and an addition: 6. A correction is rounded twice, a rate once.
 */
async function checkClip(
  gpu: Gpu,
  partials: Float32Array,
  { maxNorm = 0, maxValue = 0, accumulate = 1, scheduled = false, factor, spoilt, root = 10 }: Clip = {},
): Promise<void> {
  const norm = (partials.length / 2 / LANES + LANES) / 2 + root + 2.5;
  const roundings = new Map([
    [NORM, norm],
    [SCALE, norm + 6],
    [CORRECTION1, 2],
    [CORRECTION2, 2],
    [RATE, 1],
  ]);
  await checkDispatch(gpu, {
    variant: { kernel, flags: { SCHEDULE: scheduled } },
    twin,
    dims: { partials: partials.length / 2, accumulate, max_norm: maxNorm, max_value: maxValue, ...betas },
    buffers: { ...buffersFor(partials, { factor, spoilt }), ...(scheduled ? { rates: noise(RING, 4) } : {}) },
    workgroups: [1, 1, 1],
    tolerance: { losses: 0, control: (i, reference) => (roundings.get(i) ?? 0) * EPSILON * Math.abs(reference) },
  });
}

const clipped: GpuCase[] = [1, LANES - 1, LANES, LANES + 1, 256].map((count) => ({
  name: `${count} partial sums, clipped to 0.25`,
  run: (gpu) => checkClip(gpu, partialsOf(count), { maxNorm: 0.25 }),
}));

/** What the step finds, what of it is not finite, and what the history tells of it. */
const broken = [
  { what: "loss NaN", loss: Number.NaN, partial: 1, told: Number.NaN },
  { what: "loss infinite", loss: Number.POSITIVE_INFINITY, partial: 1, told: Number.POSITIVE_INFINITY },
  { what: "gradient NaN", loss: 1.5, partial: Number.NaN, told: Number.NaN },
  { what: "gradient infinite", loss: 1.5, partial: Number.POSITIVE_INFINITY, told: Number.NaN },
  { what: "gradient NaN after a loss that tells of it", loss: 1.5, partial: Number.NaN, told: 1.5, spoilt: 1 },
];

const refused: GpuCase[] = broken.map(({ what, loss, partial, told, spoilt = 0 }) => ({
  name: `${what}: refused, and no correction or count of updates moves`,
  run: async (gpu) => {
    const partials = partialsOf(70);
    partials[2 * 66] = partial;
    const before = buffersFor(partials, { loss, spoilt });
    const after = await playDispatch(gpu, {
      variant: { kernel },
      dims: { partials: 70, accumulate: 1, max_norm: 1, max_value: 0, ...betas },
      buffers: before,
      workgroups: [1, 1, 1],
    });
    const control = Float32Array.from(before.control);
    control[SCALE] = 0;
    control[NORM] = (after.control as Float32Array)[NORM]; // how a root of what is not finite looks is left open
    compare("control", after.control as Float32Array, control, 0);
    const counters = Uint32Array.from(before.counters);
    counters[STEP] += 1;
    counters[REFUSED] += 1;
    counters[SPOILT] = 0;
    compare("counters", after.counters as Uint32Array, counters, 0);
    compare("loss in the ring", [(after.losses as Float32Array)[5]], [told], 0);
  },
}));

export const cases: GpuCase[] = [
  ...clipped,
  { name: "a norm below the limit is left alone", run: (gpu) => checkClip(gpu, partialsOf(9), { maxNorm: 100 }) },
  {
    name: "a norm of 1e-6 is halved by PyTorch's 1e-6 in the divisor",
    run: (gpu) => checkClip(gpu, pairs(1e-12), { maxNorm: 1e-6 }),
  },
  {
    name: "huge numbers among ordinary ones, whose squares float32 could not hold",
    run: (gpu) => checkClip(gpu, Float32Array.of(2 ** 60, 0, 3, 2 ** 20, 2 ** 70, 2 ** 21), { maxNorm: 2, root: 23 }),
  },
  {
    name: "a huge number that is hardly one, to which ordinary ones count as well",
    run: (gpu) => checkClip(gpu, Float32Array.of(2 ** 83, 2 ** -79), { maxNorm: 2, root: 23 }),
  },
  { name: "elements are bounded by 0.5", run: (gpu) => checkClip(gpu, partialsOf(9), { maxValue: 0.5 }) },
  {
    name: "the schedule's factor for the next update, times the host's",
    run: (gpu) => checkClip(gpu, partialsOf(9), { scheduled: true }),
  },
  {
    name: "while the host has said nothing its factor is 1",
    run: (gpu) => checkClip(gpu, partialsOf(9), { factor: 0 }),
  },
  {
    name: "the last of two steps updates by their mean",
    run: (gpu) => checkClip(gpu, partialsOf(9), { accumulate: 2, maxNorm: 0.25, scheduled: true }),
  },
  {
    name: "a step that is not the last of three only counts",
    run: (gpu) => checkClip(gpu, partialsOf(9), { accumulate: 3, maxNorm: 0.25, scheduled: true, spoilt: 1 }),
  },
  {
    name: "a loss before that was not finite spoils the update of both",
    run: (gpu) => checkClip(gpu, partialsOf(9), { accumulate: 2, spoilt: 1 }),
  },
  { name: "limit 0 clips nothing", run: (gpu) => checkClip(gpu, partialsOf(9), { maxNorm: 0 }) },
  {
    name: "a factor too small for float32 is not 0, which would mean refused",
    run: async (gpu) => {
      const { control } = await playDispatch(gpu, {
        variant: { kernel },
        dims: { partials: 1, accumulate: 4, max_norm: 2 ** -120, max_value: 0, ...betas },
        buffers: { ...buffersFor(pairs(2 ** 100)), counters: Uint32Array.of(3, 0, 0, 0) },
        workgroups: [1, 1, 1],
      });
      compare("scale", [(control as Float32Array)[SCALE]], [2 ** -126], 0);
    },
  },
  ...refused,
];
