import type { Choices } from "../gpu/choices.ts";
import type { Gpu } from "../gpu/device.ts";
import type { Layer } from "../nn/layer.ts";
import type { Model } from "../nn/sequential.ts";
import type { Machine } from "../ops/machine-options.ts";
import type { Plan } from "../plan/plan.ts";
import type { Target } from "../variant.ts";
import type { TuningNeeds } from "./needs.ts";
import type { Played } from "./tune.ts";

/** Makes a plan ready. @returns what plays it, and tells milliseconds, and what frees it */
export type Prepare = (gpu: Gpu, plan: Plan) => Promise<{ time(): Promise<number>; dispose(): void }>;

/** Milliseconds that all timing together should take, compiling on top; and after which no layer is begun. */
const TOGETHER = 1500;
/** The model of costs may be wrong by this factor: a layer that might not fit into what is left of the time is not begun. */
const ASTRAY = 2;
/** What took so many times as long as it should the first time was compiled meanwhile. */
const COMPILED = 10;
/** Most steps that are timed, and milliseconds that they should take. */
const STEPS = 16;
const LONG = 50;
const ROUNDS = 5;
/** Fewer tell nothing. */
const LEAST_ROUNDS = 1;
/** What is not faster by a tenth may be so by chance. */
const CLEARLY = 0.9;

/** As {@link tune} says. */
export async function tuneMachines(
  gpu: Gpu,
  choices: Choices,
  model: Model,
  played: Played,
  needs: TuningNeeds,
  prepare: Prepare = (gpu, plan) => prepareProgram(gpu, plan, needs),
): Promise<void> {
  const isMachine = (found: string | undefined) => needs.ALL_MACHINES.some((machine) => machine === found);
  await choices.ready();
  const begun = performance.now();
  let left = TOGETHER;
  for (const layer of layersOf(model, needs)) {
    const usual = recordSteps(needs, layer, { ...played, time: Math.min(played.time, STEPS) }, gpu.target).choices;
    const [machine, ...others] = new Set(usual.values());
    if (others.length > 0 || [...usual.keys()].every((key) => isMachine(choices.found.get(key)))) continue;
    if (performance.now() - begun > TOGETHER) return;
    const rivals = rivalsOf(needs, layer, played, gpu.target).toSorted(
      (a, b) => Number(b === machine) - Number(a === machine),
    );
    const plans = recordAlone(needs, layer, played, gpu.target, rivals);
    if (ASTRAY * (1 + LEAST_ROUNDS) * roundOf(plans) > left) continue;
    const { best, spent } = await fastest(gpu, plans, prepare, left);
    left -= spent;
    if (!best) continue;
    const least = Math.min(...best);
    const better = least < CLEARLY * (best[0] as number) ? best.indexOf(least) : 0;
    await choices.add(usual.keys(), rivals[better] as Machine);
  }
}

/** The machines that a layer can be played on; no wavefront on the CPU, where it was measured not to pay. */
function rivalsOf(needs: TuningNeeds, layer: Layer, played: Played, target: Target): Machine[] {
  const able = (machine: Machine): boolean =>
    [...recordSteps(needs, layer, { ...played, time: 1 }, target, machine).choices.values()].every(
      (found) => found === machine,
    );
  return needs.ALL_MACHINES.filter((machine) => !(machine === "wavefront" && target.software) && able(machine));
}

/** Milliseconds that a round of some plans should take. */
const roundOf = (plans: readonly Plan[]): number => plans.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

const layersOf = (model: Model, { isEncoderDecoder }: TuningNeeds): Layer[] =>
  (isEncoderDecoder(model) ? [...model.encoder.layers, ...model.decoder.layers] : model.layers).filter(
    ({ parameters }) => parameters.some(({ name }) => name.startsWith("weight_hh_")),
  );

/**
 * The shortest time of each plan, played in turn so that what else the machine does meets all of them; undefined where a
 * first round, which may compile and does not count, took so long that another does not end in time.
 * @param left milliseconds that all rounds may take
 */
async function fastest(
  gpu: Gpu,
  plans: readonly Plan[],
  prepare: Prepare,
  left: number,
): Promise<{ best: number[] | undefined; spent: number }> {
  const prepared = await Promise.all(plans.map((plan) => prepare(gpu, plan)));
  try {
    const rounds: number[][] = [];
    let [spent, last] = [0, 0];
    while (rounds.length <= ROUNDS && spent + last <= left) {
      const times: number[] = [];
      for (const { time } of prepared) times.push(await time());
      rounds.push(times);
      last = times.reduce((sum, time) => sum + time, 0);
      if (rounds.length === 1) last = Math.min(last, COMPILED * roundOf(plans));
      spent += last;
    }
    const [, ...counted] = rounds;
    const best = plans.map((_, i) => Math.min(...counted.map((times) => times[i] as number)));
    return { best: counted.length < LEAST_ROUNDS ? undefined : best, spent };
  } finally {
    for (const each of prepared) each.dispose();
  }
}

/** A layer by itself on each machine, over as many steps as take a moment on the slowest: the same work for all. */
function recordAlone(
  needs: TuningNeeds,
  layer: Layer,
  played: Played,
  target: Target,
  machines: readonly Machine[],
): Plan[] {
  const over = (time: number): Plan[] =>
    machines.map((machine) =>
      recordSteps(needs, layer, { ...played, time }, target, machine, machines.includes("wavefront")),
    );
  const most = Math.min(played.time, STEPS);
  const whole = over(most);
  const fits = Math.floor((most * LONG) / Math.max(...whole.map(({ milliseconds }) => milliseconds)));
  return fits >= most ? whole : over(Math.min(most, Math.max(2, fits)));
}

/**
 * @param machine undefined: the one that is chosen without
 * @param whole with what no machine was chosen for: a wavefront has products in its steps that the others have there
 */
function recordSteps(
  { gradientSlabs, layOut, Plan, recordModel, Recorder, sequential, tensor }: TuningNeeds,
  layer: Layer,
  { batch, time, training }: Played,
  target: Target,
  machine?: Machine,
  whole = false,
): Plan {
  const model = sequential(layer);
  const layout = layOut(model);
  const settled = { ...target, choices: { get: () => machine } };
  const recorder = new Recorder({ target: settled, ...(training ? { slabs: gradientSlabs(layout) } : {}) });
  const { output } = recordModel(recorder, model, layout, tensor("inputs", [time, batch, layer.input as number]));
  if (training) {
    recorder.setGradient(output, tensor("cotangents", output.shape));
    recorder.backward();
  }
  const { steps } = recorder.finish(layer.kind);
  return new Plan(
    `${layer.kind} by ${machine}`,
    steps.filter(({ choice }) => whole || choice),
  );
}

async function prepareProgram(gpu: Gpu, plan: Plan, { Memory, Program, submit }: TuningNeeds) {
  const memory = new Memory(gpu);
  const program = await Program.create(memory, plan);
  return {
    async time() {
      const begin = performance.now();
      submit(gpu, (commands) => program.encode(commands));
      await gpu.device.queue.onSubmittedWorkDone();
      return performance.now() - begin;
    },
    dispose() {
      program.dispose();
      memory.dispose();
    },
  };
}
