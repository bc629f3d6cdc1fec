import { measureWork } from "../src/cli/measure-work.ts";
import { table } from "../src/cli/table.ts";
import { KINDS, multiplyAddsOf, WORK_CELLS, type Work, type WorkCell } from "../src/cli/work.ts";
import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import { MACHINES } from "./cases.ts";
import { better, type Ceilings, measureCeilings, raised } from "./ceilings.ts";
import type { CallCounter } from "./count-calls.ts";
import { STEP_HEAD, type StepRow, stepCells, stepFailures } from "./steps-report.ts";

/** All that one run measures, on one adapter. */
export interface StepsResult {
  readonly adapter: AdapterSummary;
  readonly ceilings: Ceilings;
  readonly steps: readonly StepRow[];
  readonly failures: readonly string[];
}

type Sizes = Pick<Work, "hidden" | "batch" | "time" | "layers">;

const CENTRE: Sizes = { hidden: 128, batch: 32, time: 64, layers: 1 };

/** What each size is changed to while the others stay. */
const VARIED: { readonly [Name in keyof Sizes]: readonly number[] } = {
  hidden: [32, 64, 256, 512, 1024],
  batch: [1, 8, 128],
  time: [16, 256, 1024],
  layers: [2, 4],
};

/** Tokens that sampling draws. */
const TOKENS = 64;

/** The grid: every kind of every cell at the centre and with one size changed, on both machines. */
export function works(): Work[] {
  const changed = Object.entries(VARIED).flatMap(([name, values]) => values.map((value) => ({ [name]: value })));
  const grid = [{}, ...changed].map((change): Sizes => ({ ...CENTRE, ...change }));
  const cells = Object.keys(WORK_CELLS) as WorkCell[];
  return cells.flatMap((cell) =>
    KINDS.flatMap((kind) => {
      if (kind === "sampling") {
        const drawn = grid.filter(({ batch, time }) => batch === CENTRE.batch && time === CENTRE.time);
        return drawn.map((sizes): Work => ({ kind, cell, ...sizes, batch: 1, time: TOKENS }));
      }
      return grid.flatMap((sizes) => MACHINES.map((machine): Work => ({ kind, cell, ...sizes, machine })));
    }),
  );
}

/** Measures the grid and tells of each row when it is done. */
export async function benchSteps(gpu: Gpu, counter: CallCounter, print: (text: string) => void): Promise<StepsResult> {
  const before = await measureCeilings(gpu);
  print(`adapter: ${gpu.adapter.name}${gpu.adapter.software ? " (software)" : ""}`);
  print(`multiply-add ceiling: ${before.gigaflops.toFixed(1)} GFLOP/s`);
  const grid = works();
  const rows = new Map<Work, StepRow>();
  // The smallest first: their rates tell what the larger ones would take.
  for (const work of grid.toSorted((a, b) => multiplyAddsOf(a) - multiplyAddsOf(b))) {
    const row = await measureStep(gpu, counter, work, [...rows.values()]);
    rows.set(work, row);
    print(stepCells(row, before).join("  "));
  }
  const steps = grid.flatMap((work) => rows.get(work) ?? []);
  const after = await measureCeilings(gpu);
  print(`multiply-add ceiling at the end: ${after.gigaflops.toFixed(1)} GFLOP/s`);
  const ceilings = raised(
    better(before, after),
    steps.map(({ gigaflops = 0 }) => ({ gigaflops, gigabytes: 0 })),
  );
  print(
    `\n${table(
      STEP_HEAD,
      steps.map((row) => stepCells(row, ceilings)),
    )}`,
  );
  return { adapter: gpu.adapter, ceilings, steps, failures: stepFailures(steps) };
}

function measureStep(gpu: Gpu, counter: CallCounter, work: Work, before: readonly StepRow[]): Promise<StepRow> {
  const live = counter.live.bytes;
  return measureWork(gpu, work, before, async (worker) => {
    await worker.run(1);
    const calls = await counter.during(() => worker.run(1));
    return { calls, predictedBytes: worker.bytes, bytes: counter.live.bytes - live };
  });
}
