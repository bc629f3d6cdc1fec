import { table } from "../src/cli/table.ts";
import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import type { Target } from "../src/variant.ts";
import { MAIN, SWEEP } from "./cases.ts";
import { better, type Ceilings, measureCeilings, raised } from "./ceilings.ts";
import { halfJobs, type Job, jobs, productJob } from "./jobs.ts";
import { benchKernels, type KernelRow, kernelFailures } from "./kernels.ts";
import type { Listener } from "./listener.ts";
import { ceilingsTable, kernelTable } from "./report.ts";

/** Every kernel over a few sizes, on one adapter. */
export interface SweepResult {
  readonly adapter: AdapterSummary;
  readonly ceilings: Ceilings;
  readonly kernels: readonly KernelRow[];
  readonly failures: readonly string[];
}

/** The plans in which every kernel is played at the sizes of the main job, and square products. */
export const mainJobs = (target: Target): Job[] => [
  ...jobs(target, MAIN),
  ...[256, 512].map((size) => productJob(size, target)),
];

/** Measures every kernel at each size, in the order of the kernels, so that what grows stands together. */
export async function benchSweep(gpu: Gpu, { print, progress }: Listener<SweepResult>): Promise<SweepResult> {
  const { adapter, target } = gpu;
  const { cases, squares } = SWEEP[adapter.software ? "software" : "hardware"];
  print(`adapter: ${adapter.name}${adapter.software ? " (software)" : ""}`);
  const before = await measureCeilings(gpu);
  const rows: KernelRow[] = [];
  const all = [
    ...cases.flatMap((sizes) => [...halfJobs(target, sizes), ...jobs(target, sizes)]),
    ...squares.map((size) => productJob(size, target)),
  ];
  for await (const row of benchKernels(gpu, all, progress)) rows.push(row);
  const kernels = rows.toSorted((a, b) => a.variant.localeCompare(b.variant));
  const measured = better(before, await measureCeilings(gpu));
  const ceilings = raised(measured, kernels);
  print(`\nceilings of this adapter, by kernels that do nothing else\n${table(...ceilingsTable(measured))}`);
  print(`\nkernels, each checked against its float64 twin, then timed\n${table(...kernelTable(kernels, ceilings))}`);
  return { adapter, ceilings, kernels, failures: kernelFailures(kernels) };
}
