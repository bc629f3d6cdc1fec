import { formatColumns } from "./format.ts";
import { adapterText, cpuAdvice, openGpu } from "./gpu.ts";
import type { benchOptions, Given } from "./options.ts";
import { figure, table } from "./table.ts";
import { millisecondsOf } from "./timing.ts";
import { begin, KINDS, type Kind, leastMilliseconds, multiplyAddsOf, tokensOf, type Work } from "./work.ts";

const HIDDEN = [64, 128, 256, 512, 1024];
const SIZES = { layers: 1, batch: 32, time: 64 } as const;

/** A work that would take longer, once, is left out. */
const LONGEST_MS = 2000;

/** What was measured of one work. */
interface Row {
  readonly kind: Kind;
  readonly hidden: number;
  readonly milliseconds: number;
  readonly tokensPerSecond: number;
  /** By the products that the model asks for; a multiply-add is 2 FLOP. */
  readonly gigaflops: number;
}

/**
 * Times training, inference and sampling of a character model on the adapter, over a few sizes.
 * @returns the exit code
 */
export async function bench(given: Given<typeof benchOptions>): Promise<number> {
  const { cell = "lstm", json } = given;
  const gpu = await openGpu(given.adapter);
  try {
    const rows: Row[] = [];
    for (const kind of KINDS) {
      const rates: number[] = [];
      for (const hidden of HIDDEN) {
        const work: Work = { kind, cell, hidden, ...SIZES, ...(kind === "sampling" ? { batch: 1 } : {}) };
        if (leastMilliseconds(work, rates) > LONGEST_MS) continue;
        const worker = await begin(gpu, work);
        try {
          const milliseconds = await millisecondsOf((times) => () => worker.run(times));
          const gigaflops = (2 * multiplyAddsOf(work)) / milliseconds / 1e6;
          rates.push(gigaflops);
          rows.push({ kind, hidden, milliseconds, tokensPerSecond: (1000 * tokensOf(work)) / milliseconds, gigaflops });
        } finally {
          worker.dispose();
        }
      }
    }
    const { name, software } = gpu.adapter;
    console.log(
      json
        ? JSON.stringify({ adapter: name, software, cell, ...SIZES, rows })
        : benchText(adapterText(gpu), cell, rows, cpuAdvice(gpu)),
    );
    return 0;
  } finally {
    gpu.dispose();
  }
}

/** @param advice what to know of such an adapter; undefined: nothing */
export function benchText(adapter: string, cell: string, rows: readonly Row[], advice: string | undefined): string {
  const { batch, time } = SIZES;
  const columns = KINDS.flatMap((kind) => [
    ...(kind === "sampling" ? [] : [[`${kind}, ms`, kind, "milliseconds"] as const]),
    [`${kind}, tokens/s`, kind, "tokensPerSecond"] as const,
    ...(kind === "training" ? [["GFLOP/s", kind, "gigaflops"] as const] : []),
  ]);
  const cells = HIDDEN.map((hidden) => [
    String(hidden),
    ...columns.map(([, kind, what]) => {
      const row = rows.find((each) => each.kind === kind && each.hidden === hidden);
      return figure(row?.[what] ?? Number.NaN);
    }),
  ]);
  return [
    formatColumns([
      ["adapter", adapter],
      [
        "model",
        `embedding → ${cell} of H units → linear; ${batch} × ${time} tokens, ${time} of one row drawn one by one`,
      ],
    ]),
    "",
    table(["H", ...columns.map(([title]) => title)], cells),
    "",
    `medians; a dash where one step takes more than ${LONGEST_MS / 1000} s`,
    ...(advice ? [advice] : []),
  ].join("\n");
}
