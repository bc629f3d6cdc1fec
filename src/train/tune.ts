import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { submit } from "../gpu/queue.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import type { Layer } from "../nn/layer.ts";
import { gradientSlabs, layOut } from "../nn/parameters.ts";
import { recordModel } from "../nn/record.ts";
import { type Model, sequential } from "../nn/sequential.ts";
import { MACHINES, type Machine } from "../ops/machine-options.ts";
import { Plan } from "../plan/plan.ts";
import { Program } from "../plan/program.ts";
import { Recorder } from "../plan/recorder.ts";
import { tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";

/** How a model is played. */
export interface Played {
  readonly batch: number; // B
  readonly time: number; // T
  /** Whether there is a way back. */
  readonly training: boolean;
}

/** Makes a plan ready. @returns what plays it, and tells milliseconds, and what frees it */
export type Prepare = (gpu: Gpu, plan: Plan) => Promise<{ time(): Promise<number>; dispose(): void }>;

/** No layer and no round is begun later than this, in milliseconds; what each layer needs at least comes on top. */
const LATEST = 1000;
/** Most steps that are timed, and milliseconds that they should take. */
const STEPS = 16;
const LONG = 50;
const ROUNDS = 5;
/** What is not faster by a tenth may be so by chance. */
const CLEARLY = 0.9;

/**
 * Times both machines for each recurrent layer of a model that has the choice, alone and over a few steps, and keeps the
 * other one where it was clearly faster than what the model of costs says; where the device was opened with `tune`, and for
 * sizes that it has not timed before. What is left when the time is over stays with the model of costs, and so does a layer
 * of several widths that would mix the machines.
 */
export async function tune(gpu: Gpu, model: Model, played: Played, prepare: Prepare = prepareProgram): Promise<void> {
  const { choices } = gpu;
  if (!choices) return;
  await choices.ready();
  const begun = performance.now();
  for (const layer of layersOf(model)) {
    const usual = recordSteps(layer, { ...played, time: Math.min(played.time, STEPS) }, gpu.target).choices;
    const [machine, ...others] = new Set(usual.values());
    if (others.length > 0 || [...usual.keys()].every((key) => isMachine(choices.found.get(key)))) continue;
    if (performance.now() - begun > LATEST) return;
    const rivals = MACHINES.toSorted((a, b) => Number(b === machine) - Number(a === machine));
    const plans = rivals.map((rival) => recordAlone(layer, played, gpu.target, rival));
    const [first, second] = await fastest(gpu, plans, prepare, begun + LATEST);
    const better = (second as number) < CLEARLY * (first as number);
    await choices.add(usual.keys(), rivals[better ? 1 : 0] as Machine);
  }
}

const isMachine = (found: string | undefined): boolean => MACHINES.some((machine) => machine === found);

const layersOf = (model: Model): Layer[] =>
  (isEncoderDecoder(model) ? [...model.encoder.layers, ...model.decoder.layers] : model.layers).filter(
    ({ parameters }) => parameters.some(({ name }) => name.startsWith("weight_hh_")),
  );

/** The shortest time of each plan, played in turn so that what else the machine does meets all of them. */
async function fastest(gpu: Gpu, plans: readonly Plan[], prepare: Prepare, until: number): Promise<number[]> {
  const prepared = await Promise.all(plans.map((plan) => prepare(gpu, plan)));
  try {
    for (const { time } of prepared) await time(); // which may compile
    const best = plans.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < ROUNDS && (round === 0 || performance.now() < until); round++) {
      for (const [i, { time }] of prepared.entries()) best[i] = Math.min(best[i] as number, await time());
    }
    return best;
  } finally {
    for (const each of prepared) each.dispose();
  }
}

/** A layer by itself on a machine, over as many steps as take a moment. */
function recordAlone(layer: Layer, played: Played, target: Target, machine: Machine): Plan {
  const most = Math.min(played.time, STEPS);
  const whole = recordSteps(layer, { ...played, time: most }, target, machine);
  const fits = Math.floor((most * LONG) / whole.milliseconds);
  return fits >= most
    ? whole
    : recordSteps(layer, { ...played, time: Math.min(most, Math.max(2, fits)) }, target, machine);
}

/** @param machine undefined: the one that is chosen without */
function recordSteps(layer: Layer, { batch, time, training }: Played, target: Target, machine?: Machine): Plan {
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
    steps.filter(({ choice }) => choice), // all else is the same on both
  );
}

async function prepareProgram(gpu: Gpu, plan: Plan) {
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
