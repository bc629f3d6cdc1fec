import { CORRECTION1, CORRECTION2, LIMIT, RATE, SCALE } from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Twin } from "../../src/oracle/twin.ts";
import type { Variant } from "../../src/variant.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** As float32, in which the kernels get them. */
export const CORRECTIONS = { first: Math.fround(0.19), second: Math.fround(0.002) };

export interface OptimizerCase {
  readonly what: string;
  readonly variant: Variant;
  readonly twin: Twin;
  /** All but the length. */
  readonly dims: Readonly<Record<string, number>>;
  /** What each moment holds before, from noise in ±1. */
  readonly moments: Readonly<Record<string, (value: number) => number>>;
  /** Whether the kernel counts updates; this is the third. */
  readonly counts?: boolean;
  /** Of parameters and each moment, for numbers in ±1 and a learning rate factor of 0.5. */
  readonly tolerance: Readonly<Record<string, number>> & { readonly parameters: number };
}

/** What the learning rate is multiplied by, unless a case says something else. */
const RATES = 0.5;

interface Given {
  length: number;
  /** 0 refuses the update. */
  scale?: number;
  /** Bound of the elements. */
  limit?: number;
  gradients?: Float32Array;
  /** What the learning rate is multiplied by. */
  rate?: number;
  /** Updates, this one included. */
  applied?: number;
}

const nothing = ({ tolerance }: OptimizerCase) => ({
  ...Object.fromEntries(Object.keys(tolerance).map((name) => [name, 0])),
  parameters: 0,
});

/** One update on the device and by its twin, from parameters and gradients in ±1. */
export async function checkUpdate(
  gpu: Gpu,
  update: OptimizerCase,
  { length, scale = 0.5, limit = 1, gradients = noise(length, 2), rate = RATES, applied = 3 }: Given,
): Promise<void> {
  const { variant, twin, dims, moments, counts = false } = update;
  const control = noise(8, 5);
  control.set([scale], SCALE);
  control.set([CORRECTIONS.first], CORRECTION1);
  control.set([CORRECTIONS.second], CORRECTION2);
  control.set([rate], RATE);
  control.set([limit], LIMIT);
  const kept = Object.entries(moments).map(([name, from], i) => [name, noise(length, 6 + i).map(from)]);
  await checkDispatch(gpu, {
    variant,
    twin,
    dims: { length, ...dims },
    buffers: {
      parameters: noise(length, 1),
      gradients,
      control,
      ...Object.fromEntries(kept),
      ...(counts ? { counters: Uint32Array.of(5, applied, 0, 0) } : {}),
    },
    workgroups: [2, 1, 1],
    tolerance: scale === 0 ? nothing(update) : update.tolerance,
  });
}

/** Every length once, clipped elements, and a refused update. */
export const casesOf = (update: OptimizerCase): GpuCase[] => [
  ...[4, 4 * (LANES - 1), 4 * (LANES + 1), 4 * (5 * LANES + 1)].map((length) => ({
    name: `${update.what}: ${length} parameters`,
    run: (gpu: Gpu) => checkUpdate(gpu, update, { length }),
  })),
  {
    name: `${update.what}: gradients bounded by 0.125 each`,
    run: (gpu) => checkUpdate(gpu, update, { length: 260, limit: 0.125 }),
  },
  {
    name: `${update.what}: elements that float32 would not hold stay, with their moments; the others move`,
    run: (gpu) => {
      // Half the largest float32 overflows squared, and times the 0.125 · 1024 of SGD; errors of updates grow as they do.
      const gradients = noise(260, 2).map((value, i) => (i % 3 === 1 ? Math.sign(value) * LARGEST : value));
      const grown = 1024 / RATES;
      const tolerance = { ...update.tolerance, parameters: grown * update.tolerance.parameters };
      return checkUpdate(gpu, { ...update, tolerance }, { length: 260, gradients, limit: LARGEST, rate: 1024 });
    },
  },
  {
    name: `${update.what}: a learning rate beyond float32 changes nothing`,
    run: (gpu) => {
      const dims = { ...update.dims, learning_rate: LARGEST };
      return checkUpdate(gpu, { ...update, dims, tolerance: nothing(update) }, { length: 260, rate: 4 });
    },
  },
  {
    name: `${update.what}: a refused update lets no NaN into parameters or moments`,
    run: (gpu) =>
      checkUpdate(gpu, update, { length: 260, scale: 0, gradients: new Float32Array(260).fill(Number.NaN) }),
  },
];
