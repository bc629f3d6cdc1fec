import { figure, table } from "../src/cli/table.ts";
import { refuse } from "../src/errors.ts";
import type { KernelRow } from "./kernels.ts";
import type { RivalRow } from "./rivals/match.ts";
import type { SamplingRow } from "./sampling.ts";
import type { StepRow } from "./steps-report.ts";
import { workText } from "./steps-report.ts";
import type { TrainingRow } from "./training.ts";

/** A file that a run of the bench has left, of either kind. */
export interface Result {
  readonly adapter: string | { readonly name: string };
  readonly commit?: string;
  readonly date: string;
  readonly kernels?: readonly KernelRow[];
  readonly training?: readonly TrainingRow[];
  readonly sampling?: SamplingRow;
  readonly steps?: readonly StepRow[];
  readonly rows?: readonly RivalRow[];
}

/**
 * What two results have both timed, row by row; a ratio above 1 says that the second was slower.
 * @throws WebgpuRnnError when they come from different adapters or have nothing in common
 */
export function compare(before: Result, after: Result): string {
  const [a, b] = [before, after].map(({ adapter }) => (typeof adapter === "string" ? adapter : adapter.name));
  if (a !== b) {
    throw refuse({ what: "compare", expected: "results of one adapter", got: `one of ${a} and one of ${b}` });
  }
  const [first, second] = [timings(before), timings(after)];
  const common = [...first].flatMap(([name, ms]): [string, number, number][] => {
    const other = second.get(name);
    return other === undefined ? [] : [[name, ms, other]];
  });
  if (common.length === 0) throw refuse({ what: "compare", expected: "rows that both results have", got: "none" });
  const head = ["", ...[before, after].map(({ commit, date }) => `${commit ?? date}, ms`), "ratio"];
  return table(
    head,
    common.map(([name, ...both]) => [name, ...both.map(figure), figure(both[1] / both[0])]),
  );
}

/** Milliseconds by what they are of; of rows with one name the first. */
function timings({ kernels = [], training = [], sampling, steps = [], rows = [] }: Result): Map<string, number> {
  const all: [string, number | undefined][] = [
    ...kernels.map(({ variant, label, shapes, milliseconds }): [string, number] => [
      `${variant}, ${label}, ${shapes}`,
      milliseconds,
    ]),
    ...training.map(({ machine, milliseconds }): [string, number] => [`training step, ${machine}`, milliseconds]),
    ...(sampling ? [[`${sampling.tokens} tokens`, sampling.milliseconds] as [string, number]] : []),
    ...steps.map(({ work, milliseconds }): [string, number | undefined] => [workText(work), milliseconds]),
    ...rows.map(({ workload, rival, milliseconds }): [string, number | undefined] => [
      `${workload}: ${rival}`,
      milliseconds,
    ]),
  ];
  const found = new Map<string, number>();
  for (const [name, milliseconds] of all) if (milliseconds && !found.has(name)) found.set(name, milliseconds);
  return found;
}
