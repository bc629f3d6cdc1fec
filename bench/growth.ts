import { figure, table } from "../src/cli/table.ts";
import { median, type Prepare, stretch } from "../src/cli/timing.ts";
import { begin, type Work, type Worker } from "../src/cli/work.ts";
import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import { MACHINES } from "./cases.ts";
import type { CallCounter } from "./count-calls.ts";
import type { Listener } from "./listener.ts";
import { lineUnder, type Table } from "./report.ts";

/** A work and the same with ten times as much of one size. */
interface Pair {
  readonly small: Work;
  readonly large: Work;
  readonly what: string;
}

export interface GrowthRow extends Pair {
  /** Medians of runs that took turns. */
  readonly milliseconds: readonly [small: number, large: number];
  /** By the plans. */
  readonly predictedBytes: readonly [small: number, large: number];
  /** Of the buffers made. */
  readonly bytes: readonly [small: number, large: number];
}

/** A pair that was not done. */
interface GrowthFailure extends Pair {
  readonly failure: string;
}

export interface GrowthResult {
  readonly adapter: AdapterSummary;
  readonly growth: readonly (GrowthRow | GrowthFailure)[];
  readonly failures: readonly string[];
}

/** What ten times the work may cost, by the time of the smaller. */
export const MOST_TIME = 13;
/** How far memory may lie from what the plan says, relatively. */
const MOST_ASTRAY = 0.05;
/** Runs of each. */
const ROUNDS = 5;
/** What takes less is done several times in a run: Firefox looks every 100 ms whether the device is done. */
const LEAST_MS = 300;

const BASE = { cell: "lstm", layers: 1 } as const;

/** H from 100 to 316 is ten times H². */
const GROWN: readonly { what: string; small: Omit<Work, "kind">; large: Partial<Work> }[] = [
  { what: "T", small: { ...BASE, hidden: 64, batch: 16, time: 32 }, large: { time: 320 } },
  { what: "B", small: { ...BASE, hidden: 64, batch: 16, time: 32 }, large: { batch: 160 } },
  { what: "H²", small: { ...BASE, hidden: 100, batch: 16, time: 32 }, large: { hidden: 316 } },
];

/** Measures how time and memory grow with T, B and H². */
export async function benchGrowth(
  gpu: Gpu,
  counter: CallCounter,
  { print, sofar }: Listener<GrowthResult>,
): Promise<GrowthResult> {
  const { adapter } = gpu;
  print(`adapter: ${adapter.name}${adapter.software ? " (software)" : ""}`);
  print(`ten times the work; medians of ${ROUNDS} runs that take turns\n${lineUnder(HEAD, HEAD)}`);
  const growth: (GrowthRow | GrowthFailure)[] = [];
  const result = (): GrowthResult => ({ adapter, growth, failures: growth.flatMap(failuresOf) });
  for (const kind of ["training", "inference"] as const) {
    for (const machine of MACHINES) {
      for (const { what, small, large } of GROWN) {
        const given: Work = { ...small, kind, machine };
        const pair = { what, small: given, large: { ...given, ...large } };
        const row = await measureGrowth(gpu, counter, pair).catch((error: Error) => ({
          ...pair,
          failure: error.message,
        }));
        growth.push(row);
        print(lineUnder(HEAD, growthCells(row)));
        sofar(result());
      }
    }
  }
  print(`\n${table(...growthTable(growth))}`);
  return result();
}

async function measureGrowth(gpu: Gpu, counter: CallCounter, pair: Pair): Promise<GrowthRow> {
  const workers: Worker[] = [];
  try {
    const bytes: number[] = [];
    for (const work of [pair.small, pair.large]) {
      const before = counter.live.bytes;
      const worker = await begin(gpu, work);
      workers.push(worker);
      await worker.run(1);
      bytes.push(counter.live.bytes - before);
    }
    const often: number[] = [];
    for (const worker of workers) often.push(Math.ceil(LEAST_MS / (await stretch(playing(worker), 1))));
    const samples = workers.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, worker] of workers.entries()) samples[i]?.push(await stretch(playing(worker), often[i] as number));
    }
    return {
      ...pair,
      milliseconds: samples.map(median) as [number, number],
      predictedBytes: workers.map((worker) => worker.bytes) as [number, number],
      bytes: bytes as [number, number],
    };
  } finally {
    for (const worker of workers) worker.dispose();
  }
}

const playing =
  (worker: Worker): Prepare =>
  (times) =>
  () =>
    worker.run(times);

export const timesOf = ({ milliseconds: [small, large] }: GrowthRow): number => large / small;

const astray = ({ bytes, predictedBytes }: GrowthRow, i: 0 | 1): number => bytes[i] / predictedBytes[i] - 1;

const nameOf = ({ small: { kind, machine }, what }: Pair): string => `${kind}, ${machine}, 10 × ${what}`;

/** @returns what is above its bound, or why nothing was measured */
export function failuresOf(row: GrowthRow | GrowthFailure): string[] {
  if ("failure" in row) return [`${nameOf(row)}: ${row.failure}`];
  const far = [0, 1].some((i) => Math.abs(astray(row, i as 0 | 1)) > MOST_ASTRAY);
  return [
    ...(timesOf(row) <= MOST_TIME
      ? []
      : [`${nameOf(row)}: ${figure(timesOf(row))} times the time, above ${MOST_TIME}`]),
    ...(far ? [`${nameOf(row)}: memory is not as planned`] : []),
  ];
}

const HEAD = [
  "kind, machine, what grows",
  "ms",
  "ms of ten times",
  "times",
  "MB planned",
  "MB made",
  "off",
  "MB planned",
  "MB made",
  "off",
  "",
];

export const growthTable = (rows: readonly (GrowthRow | GrowthFailure)[]): Table => [HEAD, rows.map(growthCells)];

function growthCells(row: GrowthRow | GrowthFailure): string[] {
  if ("failure" in row) return [nameOf(row), ...HEAD.slice(1, -1).map(() => "–"), row.failure];
  return [
    nameOf(row),
    ...[...row.milliseconds, timesOf(row)].map(figure),
    ...([0, 1] as const).flatMap((i) => [
      figure(row.predictedBytes[i] / 1e6),
      figure(row.bytes[i] / 1e6),
      `${(100 * astray(row, i)).toFixed(1)}%`,
    ]),
  ];
}
