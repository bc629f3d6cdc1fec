import { measureWork } from "../src/cli/measure-work.ts";
import { table } from "../src/cli/table.ts";
import { KINDS, multiplyAddsOf, WORK_CELLS, type Work, type WorkCell } from "../src/cli/work.ts";
import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import { MACHINES } from "./cases.ts";
import { better, type Ceilings, measureCeilings, raised } from "./ceilings.ts";
import type { CallCounter } from "./count-calls.ts";
import type { Listener } from "./listener.ts";
import { lineUnder } from "./report.ts";
import { STEP_HEAD, type StepRow, stepCells, stepFailures } from "./steps-report.ts";

/** All that one run measures, on one adapter. */
export interface StepsResult {
  readonly adapter: AdapterSummary;
  readonly ceilings: Ceilings;
  readonly steps: readonly StepRow[];
  readonly failures: readonly string[];
}

type Sizes = Pick<Work, "hidden" | "batch" | "time" | "layers">;

interface Grid {
  readonly centre: Sizes;
  /** What each size is changed to while the others stay. */
  readonly varied: { readonly [Name in keyof Sizes]?: readonly number[] };
}

const FULL: Grid = {
  centre: { hidden: 128, batch: 32, time: 64, layers: 1 },
  varied: { hidden: [32, 64, 256, 512, 1024], batch: [1, 8, 128], time: [16, 256, 1024], layers: [2, 4] },
};
const SMALL: Grid = {
  centre: { hidden: 32, batch: 8, time: 16, layers: 1 },
  varied: { hidden: [128], time: [64] },
};

/** Tokens that sampling draws. */
const TOKENS = 64;

/**
 * The grid: every kind of every cell at the centre and with one size changed, on both machines.
 * @param few whether at a handful of small sizes, done in two minutes on the CPU. Default false.
 */
export function works(few = false): Work[] {
  const { centre, varied } = few ? SMALL : FULL;
  const changed = Object.entries(varied).flatMap(([name, values]) => values.map((value) => ({ [name]: value })));
  const grid = [{}, ...changed].map((change): Sizes => ({ ...centre, ...change }));
  const cells = Object.keys(WORK_CELLS) as WorkCell[];
  return cells.flatMap((cell) =>
    KINDS.flatMap((kind) => {
      if (kind === "sampling") {
        const drawn = grid.filter(({ batch, time }) => batch === centre.batch && time === centre.time);
        return drawn.map((sizes): Work => ({ kind, cell, ...sizes, batch: 1, time: TOKENS }));
      }
      return grid.flatMap((sizes) => MACHINES.map((machine): Work => ({ kind, cell, ...sizes, machine })));
    }),
  );
}

/** Measures the grid and tells of each row when it is done. */
export async function benchSteps(
  gpu: Gpu,
  counter: CallCounter,
  { print, progress, sofar }: Listener<StepsResult>,
  small: boolean,
): Promise<StepsResult> {
  const { adapter } = gpu;
  print(`adapter: ${adapter.name}${adapter.software ? " (software)" : ""}`);
  const before = await measureCeilings(gpu);
  print(`multiply-add ceiling: ${before.gigaflops.toFixed(1)} GFLOP/s`);
  const grid = works(small);
  progress(`${grid.length} works, the smallest first`);
  print(lineUnder(STEP_HEAD, STEP_HEAD));
  const rows = new Map<Work, StepRow>();
  const resultOf = (measured: Ceilings): StepsResult => {
    const steps = grid.flatMap((work) => rows.get(work) ?? []);
    const rates = steps.map(({ gigaflops = 0 }) => ({ gigaflops, gigabytes: 0 }));
    return { adapter, ceilings: raised(measured, rates), steps, failures: stepFailures(steps) };
  };
  // The smallest first: their rates tell what the larger ones would take.
  for (const work of grid.toSorted((a, b) => multiplyAddsOf(a) - multiplyAddsOf(b))) {
    const row = await measureStep(gpu, counter, work, [...rows.values()]);
    rows.set(work, row);
    print(lineUnder(STEP_HEAD, stepCells(row, before)));
    sofar(resultOf(before));
  }
  const after = await measureCeilings(gpu);
  print(`multiply-add ceiling at the end: ${after.gigaflops.toFixed(1)} GFLOP/s`);
  const result = resultOf(better(before, after));
  const cells = result.steps.map((row) => stepCells(row, result.ceilings));
  print(`\n${table(STEP_HEAD, cells)}`);
  return result;
}

function measureStep(gpu: Gpu, counter: CallCounter, work: Work, before: readonly StepRow[]): Promise<StepRow> {
  const live = counter.live.bytes;
  return measureWork(gpu, work, before, async (worker) => {
    await worker.run(1);
    const calls = await counter.during(() => worker.run(1));
    return { calls, predictedBytes: worker.bytes, bytes: counter.live.bytes - live };
  });
}
