import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { leftOutAt } from "../src/cli/left-out.ts";
import { figure, table } from "../src/cli/table.ts";
import { millisecondsOf } from "../src/cli/timing.ts";
import { WORK_CELLS, type WorkCell } from "../src/cli/work.ts";
import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import { Memory } from "../src/gpu/memory.ts";
import { initialWeights } from "../src/nn/init.ts";
import { layOut } from "../src/nn/parameters.ts";
import { sequential } from "../src/nn/sequential.ts";
import { Program } from "../src/plan/program.ts";
import { recordNetwork } from "../src/run/network.ts";
import { sizeOf } from "../src/tensor.ts";
import { noise } from "./cases.ts";
import { findCuda } from "./find-pytorch.ts";
import type { Table } from "./report.ts";
import { commands } from "./timing.ts";

/** Milliseconds of recurrent layers alone, [T, B, I] → [T, B, H]. */
export interface CudnnRow {
  /** Cell, H, I, L, B, T, as the script of cuDNN takes it. */
  readonly config: string;
  /** Forward, and forward and back to weights and inputs; absent where it was left out. */
  readonly ours?: { readonly infer: number; readonly train: number };
  /** By the names of the script: `infer_f32`, `train_f32`, with TF32 and in float16. */
  readonly cudnn?: Readonly<Record<string, number>>;
  /** Why ours was not tried. */
  readonly leftOut?: string;
  readonly failure?: string;
}

export interface CudnnResult {
  readonly adapter: AdapterSummary;
  /** The GPU by its name in CUDA; absent where no Python here has PyTorch on CUDA. */
  readonly cuda?: string;
  readonly rows: readonly CudnnRow[];
  readonly failures: readonly string[];
}

/** Those of the script. */
const CONFIGS = [
  ...["lstm,64,64,1,32,64", "lstm,128,128,1,32,64", "lstm,128,128,1,1,100", "lstm,256,256,2,16,50"],
  ...["gru,256,256,1,16,100", "lstm,512,512,1,64,100", "lstm,512,512,3,64,128", "lstm,1024,1024,1,64,100"],
  ...["lstm,1024,1024,1,128,256", "rnn,128,128,1,32,64", "gru,64,64,1,128,256"],
];

/** Where the script lies: as a machine with a GPU is given it, and beside the project. */
const SCRIPTS = [".gpu/cudnn_rnn.py", "../shared/gpu/cudnn_rnn.py"];

/** Times layers by themselves, and beside them cuDNN's on the same machine. */
export async function benchCudnn(gpu: Gpu, print: (text: string) => void): Promise<CudnnResult> {
  const { adapter } = gpu;
  print(`adapter: ${adapter.name}${adapter.software ? " (software)" : ""}`);
  const found = findCuda();
  // Beside an adapter that is not that GPU its times would say nothing.
  const cuda = adapter.software ? undefined : found;
  const script = SCRIPTS.find(existsSync);
  if (!cuda)
    print(`without cuDNN: ${found ? `the adapter is not ${found.gpu}` : "no Python here has PyTorch on CUDA"}`);
  else if (!script) print(`without cuDNN: there is none of ${SCRIPTS.join(", ")}`);
  const rows: CudnnRow[] = [];
  const rates: number[] = [];
  for (const config of CONFIGS) {
    const cudnn = cuda && script ? timeCudnn(cuda.python, script, config) : {};
    rows.push({ config, ...(await timeOurs(gpu, config, rates)), ...cudnn });
  }
  print(`\n${table(...cudnnTable(rows))}`);
  const failures = rows.flatMap(({ config, failure }) => (failure ? [`${config}: ${failure}`] : []));
  return { adapter, ...(cuda ? { cuda: cuda.gpu } : {}), rows, failures };
}

async function timeOurs(gpu: Gpu, config: string, rates: number[]): Promise<Partial<CudnnRow>> {
  const [cell = "", ...sizes] = config.split(",");
  const [hidden, inputs, layers, batch, time] = sizes.map(Number) as [number, number, number, number, number];
  const model = sequential(WORK_CELLS[cell as WorkCell](inputs, hidden, { layers }));
  const layout = layOut(model);
  const weights = initialWeights(model, 1);
  const milliseconds: number[] = [];
  for (const gradients of [false, true]) {
    const shape = { batch, time, masked: false, gradients, seed: undefined };
    const recorded = recordNetwork({ model, layout }, shape, gpu.target);
    const { plan } = recorded;
    const least = rates.length > 0 ? (2 * plan.multiplyAdds) / Math.max(...rates) / 1e6 : 0;
    const leftOut = leftOutAt(least);
    if (leftOut) return { leftOut };
    const memory = new Memory(gpu);
    try {
      const program = await Program.create(memory, plan);
      for (const [name, to] of layout.tensors) program.write(to, weights.get(name)?.data as Float32Array);
      const given = [recorded.inputs, ...(recorded.back ? [recorded.back.output] : [])];
      given.forEach((to, stream) => {
        program.write(to, noise(sizeOf(to.shape), stream));
      });
      const ms = await millisecondsOf(commands(gpu, (encoder, times) => encodeOften(program, encoder, times)));
      milliseconds.push(ms);
      rates.push((2 * plan.multiplyAdds) / ms / 1e6);
      program.dispose();
    } catch (error) {
      return { failure: (error as Error).message };
    } finally {
      memory.dispose();
    }
  }
  const [infer, train] = milliseconds as [number, number];
  return { ours: { infer, train } };
}

/** With what is prepared from the weights, which training changes between any two times. */
function encodeOften(program: Program, encoder: GPUCommandEncoder, times: number): void {
  for (let time = 0; time < times; time++) program.encode(encoder);
}

function timeCudnn(python: string, script: string, config: string): Partial<CudnnRow> {
  const { status, stdout, stderr } = spawnSync(python, [script, config], { encoding: "utf8" });
  if (status !== 0) return { failure: `cuDNN: ${stderr.trim().split("\n").at(-1)}` };
  const numbers = Object.entries(JSON.parse(stdout)).filter(([, value]) => typeof value === "number");
  return { cudnn: Object.fromEntries(numbers) as Record<string, number> };
}

const CUDNN = ["infer_f32", "train_f32", "infer_tf32", "train_tf32", "infer_f16", "train_f16"] as const;

const HEAD = [
  ...["cell, H, I, L, B, T", "infer, ms", "× cuDNN", "train, ms", "× cuDNN"],
  ...[...CUDNN.map((name) => `cuDNN ${name.replace("_", " ")}`), ""],
];

/** Columns in which no row has a figure are left out. */
export function cudnnTable(rows: readonly CudnnRow[]): Table {
  const all = rows.map(cells);
  const told = HEAD.map((title, c) => title === "" || all.some((row) => row[c] !== NOTHING));
  const kept = (row: readonly string[]): string[] => row.filter((_, c) => told[c]);
  return [kept(HEAD), all.map(kept)];
}

const NOTHING = figure(Number.NaN);

const cells = ({ config, ours, cudnn = {}, failure, leftOut = "" }: CudnnRow): string[] => {
  const [infer = Number.NaN, train = Number.NaN] = [ours?.infer, ours?.train];
  const theirs = CUDNN.map((name) => cudnn[name] ?? Number.NaN);
  const [theirInfer = Number.NaN, theirTrain = Number.NaN] = theirs;
  const figures = [infer, theirInfer / infer, train, theirTrain / train, ...theirs];
  return [config.replaceAll(",", ", "), ...figures.map(figure), failure ?? leftOut];
};
