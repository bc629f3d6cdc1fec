import { cpuAdvice } from "./cpu-advice.ts";
import { formatColumns } from "./format.ts";
import { adapterText, openGpu } from "./gpu.ts";
import { measureWork, type WorkRow } from "./measure-work.ts";
import type { benchOptions, Given } from "./options.ts";
import { figure, table } from "./table.ts";
import { versionsHere } from "./versions.ts";
import { KINDS, type Work } from "./work.ts";

const HIDDEN = [64, 128, 256, 512, 1024];
const SIZES = { layers: 1, batch: 32, time: 64 } as const;

/** What stands above the table: without it no other run can be compared. */
interface Heading {
  readonly adapter: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Times training, inference and sampling of a character model on the adapter, over a few sizes.
 * @returns the exit code: 1 when some size failed
 */
export async function bench(given: Given<typeof benchOptions>): Promise<number> {
  const { cell = "lstm", json } = given;
  const date = new Date().toISOString();
  const versions = versionsHere();
  const gpu = await openGpu(given.adapter);
  try {
    const steps: WorkRow[] = [];
    const works = worksOf(cell);
    for (const [i, work] of works.entries()) {
      // Where a program reads what is printed, this is not in its way.
      console.error(`${i + 1} of ${works.length}: ${work.kind} at H ${work.hidden}`);
      steps.push(await measureWork(gpu, work, steps));
    }
    const { name: adapter, software } = gpu.adapter;
    console.log(
      json
        ? JSON.stringify({ adapter, software, date, versions, steps })
        : benchText({ adapter: adapterText(gpu), date, versions }, cell, steps, cpuAdvice(gpu.adapter)),
    );
    return steps.some(({ failure }) => failure) ? 1 : 0;
  } finally {
    gpu.dispose();
  }
}

/** Sampling goes on from one row, whatever the batch of the others. */
const worksOf = (cell: Work["cell"]): Work[] =>
  KINDS.flatMap((kind) =>
    HIDDEN.map((hidden): Work => ({ kind, cell, hidden, ...SIZES, ...(kind === "sampling" ? { batch: 1 } : {}) })),
  );

/** @param advice what to know of such an adapter */
export function benchText(
  { adapter, date, versions }: Heading,
  cell: string,
  rows: readonly WorkRow[],
  advice: string,
): string {
  const { batch, time } = SIZES;
  const columns = KINDS.flatMap((kind) => [
    ...(kind === "sampling" ? [] : [[`${kind}, ms`, kind, "milliseconds"] as const]),
    [`${kind}, tokens/s`, kind, "tokensPerSecond"] as const,
    ...(kind === "training" ? [["GFLOP/s", kind, "gigaflops"] as const] : []),
  ]);
  const cells = HIDDEN.map((hidden) => [
    String(hidden),
    ...columns.map(([, kind, what]) => {
      const row = rows.find(({ work }) => work.kind === kind && work.hidden === hidden);
      return figure(row?.[what] ?? Number.NaN);
    }),
  ]);
  const missing = rows.flatMap(({ work: { kind, hidden }, leftOut, failure }) =>
    leftOut || failure ? [`${kind} at H ${hidden}: ${leftOut ?? failure}`] : [],
  );
  const shape = `${batch} × ${time} tokens; sampling draws ${time} for one row, one by one`;
  return [
    formatColumns([
      ["adapter", adapter],
      ["run", [...Object.entries(versions).map(([name, version]) => `${name} ${version}`), date].join(", ")],
      ["model", `embedding → ${cell} of H units → linear; ${shape}`],
    ]),
    "",
    table(["H", ...columns.map(([title]) => title)], cells),
    "",
    "medians",
    ...missing,
    advice,
  ].join("\n");
}
