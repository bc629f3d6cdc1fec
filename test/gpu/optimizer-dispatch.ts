import { CORRECTION1, CORRECTION2, LIMIT, RATE, SCALE } from "../../src/control.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import type { Twin } from "../../src/oracle/twin.ts";
import type { Variant } from "../../src/variant.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch, type DispatchCheck } from "./check.ts";
import { noise } from "./noise.ts";

const LANES = 64;

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
  readonly tolerance: DispatchCheck["tolerance"];
}

interface Given {
  length: number;
  /** 0 refuses the update. */
  scale?: number;
  /** Bound of the elements. */
  limit?: number;
  gradients?: Float32Array;
  /** Updates, this one included. */
  applied?: number;
}

/** One update on the device and by its twin, from parameters and gradients in ±1. */
export async function checkUpdate(
  gpu: Gpu,
  { variant, twin, dims, moments, counts = false, tolerance }: OptimizerCase,
  { length, scale = 0.5, limit = 1, gradients = noise(length, 2), applied = 3 }: Given,
): Promise<void> {
  const control = noise(8, 5);
  control.set([scale], SCALE);
  control.set([CORRECTIONS.first], CORRECTION1);
  control.set([CORRECTIONS.second], CORRECTION2);
  control.set([0.5], RATE);
  control.set([limit], LIMIT);
  const kept = Object.entries(moments).map(([name, from], i) => [name, noise(length, 6 + i).map(from)]);
  const nothing = Object.fromEntries(Object.keys(tolerance).map((name) => [name, 0]));
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
    tolerance: scale === 0 ? nothing : tolerance,
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
    name: `${update.what}: a refused update lets no NaN into parameters or moments`,
    run: (gpu) =>
      checkUpdate(gpu, update, { length: 260, scale: 0, gradients: new Float32Array(260).fill(Number.NaN) }),
  },
];
