import type { Gpu } from "../../src/gpu/device.ts";
import { poolTime as kernel } from "../../src/kernels.ts";
import { poolTime as twin } from "../../src/oracle/pool_time.ts";
import type { GpuCase } from "./case.ts";
import { checkDispatch } from "./check.ts";
import { rowMask } from "./merge_directions.ts";
import { noise } from "./noise.ts";

/** One element; more rows and columns than the workgroup's 64 invocations reach at once. */
export const poolSizes = [
  { time: 1, batch: 1, columns: 1 },
  { time: 9, batch: 3, columns: 43 },
];

/** Holes, and a row without any step. */
export const poolMask = (time: number, batch: number): Float32Array =>
  rowMask(time * batch, 7).map((value, i) => (i % batch === 1 ? 0 : value));

async function checkPool(gpu: Gpu, mode: "LAST" | "MAX" | "MEAN", masked: boolean): Promise<void> {
  for (const { time, batch, columns } of poolSizes) {
    const elements = batch * columns;
    // A sum of T numbers below 1 is off by T² roundings of 2^-24 at most, its share of 1 / T by the 2.5 units of a
    // division, and their product is rounded once more.
    const mean = (time + 4) * 2 ** -24;
    await checkDispatch(gpu, {
      variant: { kernel, flags: { ...(mode === "MEAN" ? {} : { [mode]: true }), MASKED: masked } },
      twin,
      dims: { time, batch, columns, reversed: columns >> 1 },
      buffers: {
        x: noise(time * elements, 1),
        ...(masked ? { mask: poolMask(time, batch) } : {}),
        y: noise(elements + 1, 2),
        saved: noise(elements + 1, 3),
      },
      workgroups: [1, 1, 1],
      tolerance: mode === "MEAN" ? { y: mean, saved: 3 * 2 ** -24 } : { y: 0, saved: 0 },
    });
  }
}

export const cases: GpuCase[] = (["LAST", "MAX", "MEAN"] as const).flatMap((mode) =>
  [false, true].map((masked) => ({
    name: masked ? `${mode}, masked` : mode,
    run: (gpu: Gpu) => checkPool(gpu, mode, masked),
  })),
);
