import { figure, table } from "../../src/cli/table.ts";
import { readText } from "../../src/cli/text.ts";
import { refuse } from "../../src/errors.ts";
import { type AdapterSummary, type Gpu, openDevice } from "../../src/gpu/device.ts";
import { provideAdapter } from "../../src/node/install.ts";
import { findPytorch } from "../find-pytorch.ts";
import type { Table } from "../report.ts";
import { lossDifference } from "../training.ts";
import { characterJob, FULL, SMALL } from "./characters.ts";
import { COMPARED, type Job, type Learned, learn } from "./job.ts";
import { learnInPytorch } from "./pytorch.ts";
import { TASKS, taskJob } from "./tasks.ts";

/** What was learned of one task by one step, the mean over its seeds. */
interface LearningRow {
  readonly task: string;
  readonly setting: string;
  readonly seeds: readonly number[];
  readonly steps: number;
  /** Held-out loss. */
  readonly loss: number;
  /** PyTorch's from the same weights and batches; NaN without PyTorch. */
  readonly pytorch: number;
  /** Of an answer that remembers nothing; NaN where none is known. */
  readonly baseline: number;
  /** Largest relative difference of the first losses from PyTorch's. */
  readonly differ: number;
}

export interface LearningResult {
  readonly adapter: AdapterSummary;
  readonly learning: readonly LearningRow[];
  readonly failures: readonly string[];
}

interface Proof {
  readonly task: string;
  readonly setting: string;
  readonly seeds: readonly number[];
  readonly baseline: number;
  job(seed: number): Job;
}

const CHARACTERS = "characters";
/** Held-out loss of a character model, at most, in PyTorch's. */
const WITHIN = 1.01;

interface LearningOptions {
  /** Names; none: all. */
  readonly tasks: readonly string[];
  /** File for the character model. */
  readonly text: string | undefined;
}

/** Learns tasks on the adapter that Node finds, and in PyTorch, on the same rows from the same weights. */
export async function measureLearning(
  options: LearningOptions,
  print: (text: string) => void,
): Promise<LearningResult> {
  const asked = await chosen(options);
  const gpu = await openDevice({ adapter: await provideAdapter() });
  try {
    return await runLearning(gpu, asked, print);
  } finally {
    gpu.dispose();
  }
}

async function runLearning(
  gpu: Gpu,
  asked: readonly ProofAt[],
  print: (text: string) => void,
): Promise<LearningResult> {
  const { software, name } = gpu.adapter;
  const proofs = asked.map((proof) => proof(software));
  const python = findPytorch()?.python;
  print(
    `adapter: ${name}${software ? " (software, small sizes)" : ""}; PyTorch: ${python ? "float32, CPU" : "none found"}`,
  );
  const learning: LearningRow[] = [];
  for (const proof of proofs) {
    for (const row of await prove(gpu, proof, python)) {
      learning.push(row);
      print(`${row.task} after ${row.steps} steps: ${figure(row.loss)}, PyTorch ${figure(row.pytorch)}`);
    }
  }
  print(
    `\nheld-out loss, mean of the seeds; Adam, norm clipped at 1; first losses: ${COMPARED} steps\n${table(...learningTable(learning))}`,
  );
  return { adapter: gpu.adapter, learning, failures: learning.flatMap(failuresOf) };
}

/** A proof at the sizes for software adapters, or the full ones. */
type ProofAt = (software: boolean) => Proof;

/** @throws WebgpuRnnError naming a task that is unknown, lacks its text or has no use for it, or saying why that cannot be read */
async function chosen({ tasks, text }: LearningOptions): Promise<ProofAt[]> {
  const known = [...Object.keys(TASKS), CHARACTERS];
  const unknown = tasks.find((task) => !known.includes(task));
  if (unknown !== undefined) {
    throw refuse({ what: "bench learning", expected: `some of ${known.join(", ")}`, got: unknown || "an empty name" });
  }
  if (text === "") throw refuse({ what: "--text", expected: "a text file", got: "an empty name" });
  if (text !== undefined && tasks.length > 0 && !tasks.includes(CHARACTERS)) {
    throw refuse({ what: "--text", expected: `to stand with ${CHARACTERS}`, got: `it with ${tasks.join(" ")}` });
  }
  const content = text === undefined ? undefined : (await readText(text)).content;
  return (tasks.length > 0 ? tasks : known).flatMap((task): ProofAt[] => {
    if (task !== CHARACTERS) return [(software) => taskProof(task, software)];
    if (content !== undefined) return [(software) => characterProof(content, software)];
    if (tasks.length === 0) return [];
    const cure = "name one with --text FILE";
    throw refuse({ what: "bench learning", expected: `a text for ${CHARACTERS}`, got: "none", cure });
  });
}

function taskProof(name: string, software: boolean): Proof {
  const task = TASKS[name] as (typeof TASKS)[string];
  const size = software ? task.small : task.full;
  const setting = `T ${size.time}, H ${size.hidden}, B ${size.batch}, lr ${size.learningRate ?? task.learningRate}`;
  return { task: name, setting, seeds: [1], baseline: task.baseline(size), job: (seed) => taskJob(task, size, seed) };
}

function characterProof(text: string, software: boolean): Proof {
  const size = software ? SMALL : FULL;
  const setting = `E ${size.features}, T ${size.time}, H ${size.hidden}, B ${size.batch}, lr 0.002`;
  const job = (seed: number) => characterJob(text, size, seed);
  return { task: CHARACTERS, setting, seeds: [1, 2, 3], baseline: Number.NaN, job };
}

async function prove(gpu: Gpu, { job, ...proof }: Proof, python: string | undefined): Promise<LearningRow[]> {
  const [ours, theirs]: [Learned[], Learned[]] = [[], []];
  let at: readonly number[] = [];
  for (const seed of proof.seeds) {
    const task = job(seed);
    const learned = await learn(gpu, task);
    ours.push(learned);
    if (python) theirs.push(learnInPytorch(python, task, learned.initial));
    at = task.at;
  }
  const differ = theirs.map(({ losses }, i) => lossDifference(ours[i]?.losses ?? [], losses.slice(0, COMPARED)));
  return at.map((steps, place) => ({
    ...proof,
    steps,
    loss: mean(ours.map(({ heldOut }) => heldOut[place] as number)),
    pytorch: mean(theirs.map(({ heldOut }) => heldOut[place] as number)),
    differ: python ? Math.max(...differ) : Number.NaN,
  }));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const learningTable = (rows: readonly LearningRow[]): Table => [
  ["task", "setting", "seeds", "steps", "loss", "PyTorch", "ratio", "no memory", "first losses differ by"],
  rows.map(({ task, setting, seeds, steps, loss, pytorch, baseline, differ }) => [
    ...[task, setting, seeds.join(" ")],
    ...[steps, loss, pytorch, loss / pytorch, baseline].map(figure),
    Number.isFinite(differ) ? differ.toExponential(1) : "–",
  ]),
];

/** A loss so small that its ratio tells nothing is held against the baseline, not against PyTorch's. */
function failuresOf({ task, steps, loss, pytorch, baseline }: LearningRow): string[] {
  const failure = `${task} after ${steps} steps: ${figure(loss)}, of PyTorch ${figure(pytorch)}`;
  if (task === CHARACTERS) return loss > WITHIN * pytorch ? [failure] : [];
  return loss > baseline / 2 && pytorch <= baseline / 2 ? [failure] : [];
}
