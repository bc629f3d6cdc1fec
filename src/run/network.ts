import type { Elements } from "../gpu/memory.ts";
import { Memory } from "../gpu/memory.ts";
import { submit } from "../gpu/queue.ts";
import { gradientSlabs } from "../nn/parameters.ts";
import { type RecordedModel, recordModel } from "../nn/record.ts";
import type { Plan } from "../plan/plan.ts";
import { type Phase, Program } from "../plan/program.ts";
import { Recorder } from "../plan/recorder.ts";
import { type Tensor, tensor, whole } from "../tensor.ts";
import { controlTensors } from "../train/control.ts";
import type { Parameters } from "../train/parameters.ts";
import type { Target } from "../variant.ts";

export interface NetworkOptions {
  readonly batch: number; // B
  readonly time: number; // T
  readonly masked: boolean;
  /** Whether there is a way back. */
  readonly gradients: boolean;
  /** Key of what training draws; undefined: nothing is drawn, as outside training. */
  readonly seed: number | undefined;
}

/** A model of one shape as a plan, forward and, if wanted, back, and the tensors by which the host takes part in it. */
export interface RecordedNetwork extends RecordedModel {
  readonly plan: Plan;
  readonly inputs: Tensor; // u32 [T, B] or f32 [T, B, I]
  readonly mask: Tensor | undefined; // [T, B]
  readonly counters: Tensor;
  /** Absent where there is no way back. */
  readonly back: RecordedGradients | undefined;
}

export interface RecordedGradients {
  /** The cotangents of the outputs. */
  readonly output: Tensor;
  /** Absent where the inputs are ids. */
  readonly inputs: Tensor | undefined;
  /** The whole slab. */
  readonly parameters: Tensor;
  /** By the state's tensor: cotangents of final states before the way back, gradients of initial ones after. */
  readonly states: ReadonlyMap<Tensor, Tensor>;
  /** All of dL/dh per step, by the names of the taps that they are the gradients of. */
  readonly taps: ReadonlyMap<string, Tensor>;
}

/** Records a model by itself. Touches no device. */
export function recordNetwork(
  { model, layout }: Pick<Parameters, "model" | "layout">,
  { batch, time, masked, gradients, seed }: NetworkOptions,
  target: Target,
): RecordedNetwork {
  const { counters } = controlTensors();
  const slabs = gradientSlabs(layout);
  const recorder = new Recorder({
    target,
    ...(gradients ? { slabs } : {}),
    ...(seed === undefined ? {} : { random: { seed, counters } }),
  });
  const ids = model.layers[0]?.input === "ids";
  const inputs = ids
    ? tensor("inputs", [time, batch], { type: "u32" })
    : tensor("inputs", [time, batch, model.layers[0]?.input as number]);
  const dinputs = gradients && !ids ? recorder.zeros("d inputs", inputs.shape) : undefined;
  if (dinputs) recorder.setGradient(inputs, dinputs);
  const mask = masked ? tensor("mask", [time, batch]) : undefined;
  const recorded = recordModel(recorder, model, layout, inputs, { mask, flow: gradients });
  const back = gradients
    ? recordBack(recorder, recorded, { inputs: dinputs, parameters: whole(slabs.gradients) })
    : undefined;
  return { ...recorded, plan: recorder.finish("network"), inputs, mask, counters, back };
}

/** Records the way back from cotangents that the host writes. */
function recordBack(
  recorder: Recorder,
  { output, states, taps }: RecordedModel,
  given: Pick<RecordedGradients, "inputs" | "parameters">,
): RecordedGradients {
  const cotangents = tensor("cotangents", output.shape);
  recorder.setGradient(output, cotangents);
  recorder.backward();
  return {
    ...given,
    output: cotangents,
    states: new Map([...states.values()].map((state) => [state, recorder.gradient(state)])),
    taps: new Map(
      [...taps]
        .filter(([, tap]) => recorder.hasGradient(tap))
        .map(([name, tap]) => [name, recorder.keep(recorder.gradient(tap))]),
    ),
  };
}

/** A recorded network that has met its device, over weights that others share. */
export class Network {
  readonly recorded: RecordedNetwork;
  readonly #parameters: Parameters;
  readonly #memory: Memory;
  readonly #program: Program;

  /** @throws WebgpuRnnError when a shader does not compile or the device has not enough memory; all is freed then */
  static async create(parameters: Parameters, recorded: RecordedNetwork): Promise<Network> {
    const shared = parameters.share();
    const memory = new Memory(parameters.memory.gpu, parameters.memory);
    try {
      return new Network(recorded, shared, memory, await Program.create(memory, recorded.plan));
    } catch (error) {
      memory.dispose();
      shared.release();
      throw error;
    }
  }

  private constructor(recorded: RecordedNetwork, parameters: Parameters, memory: Memory, program: Program) {
    this.recorded = recorded;
    this.#parameters = parameters;
    this.#memory = memory;
    this.#program = program;
  }

  /** Writes tensors, plays one way and reads others; nothing else plays between. */
  async play(
    phase: Phase,
    given: Iterable<readonly [Tensor, Elements]>,
    wanted: readonly Tensor[],
  ): Promise<Map<Tensor, Elements>> {
    for (const [to, elements] of given) this.#program.write(to, elements);
    submit(this.#memory.gpu, (encoder) => this.#program.encodePhase(encoder, phase));
    const read = wanted.length > 0 ? await this.#program.read(...wanted) : [];
    return new Map(wanted.map((from, i) => [from, read[i] as Elements]));
  }

  dispose(): void {
    this.#program.dispose();
    this.#memory.dispose();
    this.#parameters.release();
  }
}
