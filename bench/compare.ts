import { figure, table } from "../src/cli/table.ts";
import { refuse } from "../src/errors.ts";
import type { Unfinished } from "./keep.ts";
import type { KernelRow } from "./kernels.ts";
import type { RivalRow } from "./rivals/match.ts";
import type { SamplingRow } from "./sampling.ts";
import type { StepRow } from "./steps-report.ts";
import { workText } from "./steps-report.ts";
import type { TrainingRow } from "./training.ts";

/** A file that a run of the bench has left, of one of the kinds that can be compared. */
export interface Result extends Unfinished {
  readonly adapter: string | { readonly name: string };
  readonly commit?: string;
  readonly date: string;
  readonly versions?: Readonly<Record<string, string>>;
  readonly kernels?: readonly KernelRow[];
  readonly training?: readonly TrainingRow[];
  readonly sampling?: SamplingRow;
  readonly steps?: readonly StepRow[];
  readonly rows?: readonly RivalRow[];
}

/** What only results of these kinds have, by which they are known; that of all kinds together has kernels. */
const KNOWN = ["kernels", "steps", "workloads"];
const OTHERS: Readonly<Record<string, string>> = { growth: "growth", learning: "learning", rows: "cudnn" };

const ORDER = ["first", "second"];

type Read = Readonly<Record<string, unknown>>;

/** NaN, "not measured", is null in JSON. */
const timed = ({ milliseconds = null }: Read): boolean =>
  milliseconds === null || (typeof milliseconds === "number" && milliseconds >= 0);

const isText = (value: unknown): boolean => typeof value === "string";

const words = (row: Read, ...names: string[]): boolean => names.every((name) => isText(row[name]));

const ofSampling = (row: Read): boolean => timed(row) && typeof row.tokens === "number";

/** Whether a row has what tells it apart, and a time or none, by the list that it is in. */
const ROWS: Readonly<Record<string, (row: Read) => boolean>> = {
  kernels: (row) => timed(row) && words(row, "variant", "label", "shapes"),
  training: (row) => timed(row) && words(row, "machine"),
  steps: (row) => {
    const work: Read = Object(row.work);
    const sizes = ["hidden", "batch", "time", "layers"].map((name) => work[name]);
    return timed(row) && words(work, "cell", "kind") && sizes.every((size) => typeof size === "number");
  },
  rows: (row) => timed(row) && words(row, "workload", "rival"),
};

/**
 * @param text what the file says
 * @throws WebgpuRnnError when it is no result, or one of a kind that cannot be compared
 */
export function readResult(file: string, text: string): Result {
  const no = (got: string): Error =>
    refuse({ what: file, expected: "a result of the bench without a word, or of kernels, steps or rivals", got });
  let value: Partial<Result & Record<string, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    throw no("what is no JSON");
  }
  const { adapter, date } = value ?? {};
  const name = typeof adapter === "object" ? adapter?.name : adapter;
  if (!value || typeof name !== "string" || typeof date !== "string") throw no("JSON without an adapter and a date");
  const { commit = "", versions = {} } = value;
  if (!isText(commit)) throw no("one whose commit is no text");
  const areTexts = Object(versions) === versions && Object.values(versions).every(isText);
  if (!areTexts) throw no("one whose versions are no texts");
  const has = (key: string): boolean => Array.isArray(value[key]);
  if (!KNOWN.some(has)) {
    const other = Object.keys(OTHERS).find(has);
    throw no(other ? `one of ${OTHERS[other]}` : "one with none of their rows");
  }
  for (const [key, isRow] of Object.entries(ROWS)) {
    const rows = value[key] ?? [];
    if (!Array.isArray(rows)) throw no(`one whose ${key} are no list`);
    const bad = rows.findIndex((row) => !isRow(Object(row)));
    if (bad >= 0) throw no(`one whose ${key} have at ${bad} what is no row of theirs`);
  }
  if (value.sampling !== undefined && !ofSampling(Object(value.sampling))) throw no("one whose sampling is none");
  return value as Result;
}

/**
 * What two results have both timed, row by row, how many rows only one of them has, and which is of a run that was
 * stopped; a ratio above 1 says that the second was slower.
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
  const head = ["", ...[before, after].map(headOf), "ratio"];
  const alone = [first, second].flatMap(({ size }, i) => {
    const rows = size - common.length;
    return rows === 0 ? [] : [`timed in the ${ORDER[i]} alone: ${rows} ${rows === 1 ? "row" : "rows"}`];
  });
  const stopped = [before, after].flatMap(({ unfinished }, i) =>
    unfinished ? [`the ${ORDER[i]} is unfinished: its run has not come to its end`] : [],
  );
  const compared = table(
    head,
    common.map(([name, ...both]) => [name, ...both.map(figure), figure(both[1] / both[0])]),
  );
  return [compared, ...alone, ...stopped].join("\n");
}

/** The commit, the runtime where it is told, and the unit. */
function headOf({ commit, date, versions: { browser, deno, node } = {} }: Result): string {
  // A result from a browser or Deno may also tell of the Node that started them.
  const runtime = browser ?? (deno ? `deno ${deno}` : node && `node ${node}`);
  return [commit ?? date, ...(runtime ? [runtime] : []), "ms"].join(", ");
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
