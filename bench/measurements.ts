import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import type { CallCounter } from "./count-calls.ts";
import { benchGrowth } from "./growth.ts";
import type { Listener } from "./listener.ts";
import { runBench } from "./run.ts";
import { benchSteps } from "./steps.ts";
import { benchSweep } from "./sweep.ts";

/** What every run of ours leaves, beside what it measures. */
export interface Measured {
  readonly adapter: AdapterSummary;
  /** Where it ran, beside those of the program that started it. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly failures: readonly string[];
}

type Measure = (
  gpu: Gpu,
  counter: CallCounter,
  listener: Listener<Measured>,
  /** Whether at few sizes, where there are some for that. */
  small: boolean,
) => Promise<Measured>;

/** What is measured of ours alone, by its word on the command line. */
export const MEASUREMENTS = {
  own: runBench,
  kernels: (gpu, _, listener) => benchSweep(gpu, listener),
  steps: benchSteps,
  growth: benchGrowth,
} as const satisfies Readonly<Record<string, Measure>>;

export type Measurement = keyof typeof MEASUREMENTS;
