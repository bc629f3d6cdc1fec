import { median, millisecondsOf } from "../src/cli/timing.ts";
import type { Gpu } from "../src/gpu/device.ts";
import { Memory } from "../src/gpu/memory.ts";
import { loadPartsOf } from "../src/gpu/shader.ts";
import { OracleMemory } from "../src/oracle/play.ts";
import { Plan } from "../src/plan/plan.ts";
import { profile } from "../src/plan/profile.ts";
import { Program } from "../src/plan/program.ts";
import type { Step } from "../src/plan/step.ts";
import { shapeText, sizeOf } from "../src/tensor.ts";
import { variantKey } from "../src/variant.ts";
import type { Rate } from "./ceilings.ts";
import { type Agreement, agrees, type Before, beforeStep, checkStep, playStep } from "./check.ts";
import type { Job } from "./jobs.ts";
import { commands } from "./timing.ts";

/** One kernel, variant and size. */
export interface KernelRow extends Agreement, Rate {
  readonly variant: string;
  /** The dispatch of its kind that is measured: what it computes, and in which plan. */
  readonly label: string;
  readonly plan: string;
  /** Dispatches of its kind in that plan. */
  readonly count: number;
  readonly shapes: string;
  /** NaN, as the rates that follow from it, where the kernel does not agree with its twin. */
  readonly milliseconds: number;
  /** By the GPU's own clock, of one dispatch at a time; absent where the adapter cannot tell. */
  readonly gpuMilliseconds?: number;
  /** Why nothing was measured. */
  readonly failure?: string;
}

type Traffic = (
  size: (binding: string) => number,
  dims: Readonly<Record<string, number>>,
  flags: Readonly<Record<string, boolean>>,
  parts: number,
) => number;

/** Each kernel with the numbers of four bytes that it reads and writes at least, everything once; by a workgroup's z: parts. */
const TRAFFIC: Readonly<Record<string, Traffic>> = {
  attention: (size) => size("queries") + size("keys") + size("values") + size("attended"),
  attention_keys_backward: (size) =>
    size("queries") +
    size("weights") +
    size("dscores") +
    size("dcontext") +
    size("keys") +
    size("dkeys") +
    size("dvalues"),
  attention_queries_backward: (size) =>
    size("queries") +
    size("keys") +
    size("values") +
    size("attended") +
    size("dcontext") +
    size("dscores") +
    size("dqueries"),
  accumulate: (size) => 3 * size("total"),
  activation_backward: (size) => 3 * size("y"),
  activation_forward: (size) => 2 * size("x"),
  adagrad: (size) => 5 * size("parameters"),
  adam: (size) => 7 * size("parameters") + 2 * size("largest"),
  carry_past: (size) => 2 * size("past"),
  carry_past_backward: (size) => 2 * size("dpast"),
  clip: (size) => size("partials"),
  column_sum: (_, { m = 0, n = 0, ...dims }, { UNLIKE }, parts) =>
    UNLIKE
      ? [..."xyzw"].slice(0, parts).reduce((sum, p) => sum + (dims[`m.${p}`] + 1) * dims[`n.${p}`], 0)
      : parts * (m + 1) * n,
  copy_rows: (_, { rows = 0, columns = 0 }) => 2 * rows * columns,
  draw_mask: (_, { length = 0 }) => length,
  dropout: (size) => 2 * size("x"),
  element_loss: (size) => size("output") + size("doutput") + size("targets") + size("losses"),
  embedding_backward: (size) => size("ids") + size("dout") + size("dtable"),
  embedding_forward: (size) => size("ids") + 2 * size("out"),
  gemm: (_, { m = 0, n = 0, k = 0 }, __, parts) => parts * (m * k + k * n + m * n),
  layer_norm: (size) => size("x") + size("gain") + size("bias") + size("y"),
  layer_norm_backward: (size) => size("x") + size("gain") + size("dy") + size("dx") + size("scaled"),
  learned_state: (size) => size("learned") + 2 * size("started"),
  merge_directions: (size) => 2 * size("out"),
  merge_directions_backward: (size) => size("dout") + size("dh"),
  one_hot: (size) => size("ids") + size("out"),
  pack_recurrent: (size, { source_part: source = 0, packed_part: packed = 0 }, _, parts) => {
    const touched = (binding: string, distance: number): number =>
      size(binding) && parts * (size(binding) - (parts - 1) * distance);
    const read = ["weight", "shift", "gain", "peepholes"].map((binding) => touched(binding, source));
    const written = ["forward", "backward"].map((binding) => touched(binding, packed));
    return [...read, ...written].reduce((sum, numbers) => sum + numbers);
  },
  pool_time: (size) => size("x") + size("mask") + size("y") + size("saved"),
  pool_time_backward: (size) => size("dy") + size("saved") + size("mask") + size("dx"),
  rmsprop: (size) => 5 * size("parameters") + 2 * size("mean") + 2 * size("velocity"),
  rnn_begin: (size) => 2 * size("state"),
  rnn_rows_backward: (size, { time = 1 }) => (2 * size("gates") + size("states") + size("dh") + size("masks")) / time,
  rnn_rows_forward: (size, { time = 1 }) => (2 * size("gates") + 2 * size("states") + size("masks")) / time,
  rnn_scan_backward: (size) => size("recurrent") + 2 * size("gates") + size("states") + size("dh") + 2 * size("dstate"),
  rnn_scan_forward: (size) => size("recurrent") + 2 * size("gates") + size("states") + 2 * size("state"),
  // The products that a layer normalises later are half of its gates.
  rnn_step_backward: (size, { time = 1 }, { RAW }) =>
    size("recurrent") + (RAW ? size("gates") / 2 : 3 * size("gates") + size("states") + size("dh")) / time,
  rnn_step_forward: (size, { time = 1 }, { RAW }) =>
    size("recurrent") + (RAW ? size("gates") / 2 + size("states") : 2 * size("gates") + 2 * size("states")) / time,
  sample: (size) => size("logits"),
  sgd: (size) => 3 * size("parameters") + 2 * size("velocity"),
  softmax_cross_entropy: (size) => size("logits") + size("dlogits") + size("targets") + size("losses"),
  sum: (size) => size("x"),
  sum_squares: (size) => size("x"),
  unfold_time: (size) => size("x") + size("mask") + size("columns"),
  unfold_time_backward: (size) => size("dcolumns") + size("mask") + size("dx"),
};

/** The names of all kernels that have a row. */
export const MEASURED: readonly string[] = Object.keys(TRAFFIC);

/** Bytes that a step must read and write at least. */
export function trafficOf({ variant, bindings, dims, workgroups }: Step): number {
  const traffic = TRAFFIC[variant.kernel.name];
  if (!traffic) throw new Error(`internal: the bench knows no traffic of ${variant.kernel.name}`);
  const size = (name: string): number => (bindings[name] ? sizeOf(bindings[name].shape) : 0);
  return 4 * traffic(size, dims, variant.flags ?? {}, workgroups[2]);
}

/** Dispatches of one kind: variant and shapes are equal. */
export interface Kind {
  readonly key: string;
  /** Place in the plan of the one that is measured. */
  readonly place: number;
  readonly count: number;
}

/**
 * The kinds of dispatches in a plan, in order, but for scans that take no step. Of each the middle one of those that multiply most is measured: the first
 * and the last of a time loop have less to do, or nothing but zeros to do it with.
 */
export function kindsOf({ steps }: Plan): Kind[] {
  const places = new Map<string, number[]>();
  steps.forEach((step, place) => {
    const { begin, end } = step.dims;
    if (begin !== undefined && begin === end) return;
    const key = `${variantKey(step.variant)} ${shapesOf(step)}`;
    places.set(key, [...(places.get(key) ?? []), place]);
  });
  const kinds = [...places].map(([key, all]) => {
    const multiplyAdds = (place: number): number => (steps[place] as Step).multiplyAdds;
    const most = Math.max(...all.map(multiplyAdds));
    const busiest = all.filter((place) => multiplyAdds(place) === most);
    return { key, place: busiest[busiest.length >> 1] as number, count: all.length };
  });
  return kinds.sort((a, b) => a.place - b.place);
}

/**
 * Measures every kind of dispatch of the jobs once. Each is checked against its float64 twin, on the numbers that it
 * meets in its plan, before it is timed; one that fails has a row that says so.
 */
export async function* benchKernels(
  gpu: Gpu,
  jobs: readonly Job[],
  progress: (text: string) => void,
): AsyncGenerator<KernelRow> {
  const measured = new Set<string>();
  for (const [i, { plan, inputs }] of jobs.entries()) {
    progress(`kernels of job ${i + 1} of ${jobs.length}: ${plan.name}`);
    for (const { variant } of plan.steps) await loadPartsOf(variant); // the twins ask their text what they write
    const oracle = new OracleMemory();
    for (const [target, elements] of inputs) oracle.write(target, elements);
    let played = 0;
    for (const { key, place, count } of kindsOf(plan)) {
      if (measured.has(key)) continue;
      measured.add(key);
      for (; played < place; played++) playStep(plan.steps[played] as Step, oracle);
      const step = plan.steps[place] as Step;
      const before = beforeStep(step, oracle);
      playStep(step, oracle);
      played = place + 1;
      const row = {
        variant: variantKey(step.variant),
        label: step.label,
        shapes: shapesOf(step),
        plan: plan.name,
        count,
      };
      const failed = (error: Error) => ({ ...NOTHING, failure: error.message });
      yield { ...row, ...(await measure(gpu, step, before, oracle).catch(failed)) };
    }
  }
}

/** What is known of a kernel that failed. */
const NOTHING = {
  error: Number.NaN,
  tolerance: Number.NaN,
  milliseconds: Number.NaN,
  gigaflops: Number.NaN,
  gigabytes: Number.NaN,
};

/** @returns what does not agree with its twin, or failed */
export const kernelFailures = (rows: readonly KernelRow[]): string[] =>
  rows
    .filter((row) => !agrees(row))
    .map(({ variant, failure }) => `${variant}${failure ? `: ${failure}` : " does not agree with its twin"}`);

async function measure(gpu: Gpu, step: Step, before: Before, oracle: OracleMemory) {
  const program = await Program.create(new Memory(gpu), new Plan(step.label, [step]));
  try {
    const agreement = await checkStep(program, step, before, oracle);
    const play = commands(gpu, (encoder, times) => program.encode(encoder, times));
    const milliseconds = agrees(agreement) ? await millisecondsOf(play) : Number.NaN;
    const gigaflops = (2 * step.multiplyAdds) / milliseconds / 1e6;
    const gigabytes = trafficOf(step) / milliseconds / 1e6;
    const gpuMilliseconds = agrees(agreement) ? await byTimestamps(program) : undefined;
    const timed = { milliseconds, gigaflops, gigabytes, ...(gpuMilliseconds === undefined ? {} : { gpuMilliseconds }) };
    return { ...agreement, ...timed };
  } finally {
    program.dispose();
    program.memory.dispose();
  }
}

const READINGS = 5;

/** Milliseconds of a program's only dispatch; undefined where the adapter has no timestamps. */
async function byTimestamps(program: Program): Promise<number | undefined> {
  const readings: number[] = [];
  for (let i = 0; i < READINGS; i++) readings.push(...(await profile(program)).flatMap((reading) => reading ?? []));
  return readings.length > 0 ? median(readings) : undefined;
}

const shapesOf = ({ bindings }: Step): string =>
  Object.entries(bindings)
    .map(([name, { shape }]) => `${name}${shapeText(shape)}`)
    .join(" ");
