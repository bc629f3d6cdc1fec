import { checkFinite } from "../batch/host-layout.ts";
import { checkIds, vocabularyOf } from "../batch/ids.ts";
import { onlyKnown, wholeNumbers } from "../check.ts";
import { refuse } from "../errors.ts";
import { checkGpu, type Gpu } from "../gpu/device.ts";
import { type Elements, Memory } from "../gpu/memory.ts";
import { submit } from "../gpu/queue.ts";
import { StagingRing } from "../gpu/staging.ts";
import { oneSequence } from "../nn/encoder-decoder.ts";
import type { Layer } from "../nn/layer.ts";
import { type Model, wholeModel } from "../nn/sequential.ts";
import { checkStepwise } from "../nn/stepwise.ts";
import type { Plan } from "../plan/plan.ts";
import { Program } from "../plan/program.ts";
import { type HostTensor, type NamedTensors, sizeOf } from "../tensor.ts";
import { Parameters, type WeightSource } from "../train/parameters.ts";
import { tune } from "../train/tune.ts";
import { type RecordedNetwork, recordNetwork } from "./network.ts";
import { fillStates, namedStates } from "./states.ts";

export interface StreamOptions {
  /** Weights by name, or the program whose weights are used where they lie, such as a trainer. */
  from: WeightSource;
  /** Rows that are fed at every step, B. Default 1. */
  batch?: number;
}

/**
 * Feeds a model one step at a time; its states stay on the device from step to step. A step costs one submit and one
 * read of its outputs, and makes no buffer.
 */
export class Stream {
  readonly parameters: Parameters;
  readonly #recorded: RecordedNetwork;
  readonly #memory: Memory;
  readonly #program: Program;
  readonly #staging: StagingRing;
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(parameters: Parameters, recorded: RecordedNetwork, memory: Memory, program: Program) {
    this.parameters = parameters;
    this.#recorded = recorded;
    this.#memory = memory;
    this.#program = program;
    this.#staging = new StagingRing(memory.gpu, "stream", [program.bufferOf(recorded.output)]);
  }

  /** What is played at each step; prints itself. */
  get plan(): Plan {
    return this.#recorded.plan;
  }

  /**
   * Takes one step; a second call waits for the first.
   * @param sample features [B, I], or ids [B]
   * @returns outputs [B, O]
   * @throws WebgpuRnnError when the sample has another size, an id is unknown or a number is not finite
   */
  step(sample: ArrayLike<number> | HostTensor): Promise<HostTensor> {
    return this.#queue(async () => {
      this.#program.write(this.#recorded.inputs, this.#sample(sample));
      submit(this.#memory.gpu, (encoder) => {
        this.#program.encode(encoder);
        this.#staging.copy(encoder);
      });
      const { shape, offset } = this.#recorded.output;
      const data = new Float32Array(await this.#staging.latest(), offset * 4, sizeOf(shape)).slice();
      return { shape: shape.slice(1), data };
    });
  }

  /** The states as they are now, by name, such as `0.h_l0` [B, H]. */
  states(): Promise<NamedTensors> {
    return this.#queue(async () => {
      const tensors = [...this.#recorded.stateParts.keys()];
      const read = await this.#program.read(...tensors);
      const elements = new Map(tensors.map((tensor, i) => [tensor, read[i] as Elements]));
      return namedStates(this.#recorded.stateParts, elements);
    });
  }

  /**
   * Starts anew.
   * @param states to start from, by name; those left out are zero, or learned
   * @throws WebgpuRnnError when there is no such state, or one has another shape or is not finite
   */
  reset(states?: NamedTensors): Promise<void> {
    return this.#queue(async () => {
      const filled = fillStates("reset", this.#recorded.stateParts, states);
      for (const [tensor, elements] of filled) this.#program.write(tensor, elements);
    });
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#program.dispose();
    this.#staging.dispose();
    this.#memory.dispose();
    this.parameters.release();
  }

  #sample(sample: ArrayLike<number> | HostTensor): Elements {
    const { inputs } = this.#recorded;
    const data = typeof sample === "object" && sample !== null && "data" in sample ? sample.data : sample;
    const size = sizeOf(inputs.shape);
    if (data?.length !== size) {
      const [, batch, width] = inputs.shape;
      const expected = width === undefined ? `${batch} ids, one for each row` : `${size} numbers, [${batch}, ${width}]`;
      throw refuse({ what: "step", expected, got: String(data?.length) });
    }
    if (inputs.type === "u32") {
      checkIds("step", data, vocabularyOf(this.parameters.model));
      return Uint32Array.from(data);
    }
    checkFinite("step", data);
    return Float32Array.from(data);
  }

  #queue<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      this.#memory.check();
      return run();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }
}

/**
 * Compiles a model to be fed one step at a time, as outside training.
 * @throws WebgpuRnnError when an option is out of range or weights do not fit the model
 */
export async function createStream(gpu: Gpu, model: Model | Layer, options: StreamOptions): Promise<Stream> {
  const whole = wholeModel("createStream", model);
  onlyKnown("createStream", options, ["from", "batch"]);
  const { from, batch = 1 } = options;
  oneSequence("createStream", whole);
  wholeNumbers("createStream", { batch });
  checkGpu("createStream", gpu);
  checkStepwise("createStream", whole);
  if (gpu.choices) await tune(gpu, whole, { batch, time: 1, training: false });
  const parameters = Parameters.from(gpu, whole, from);
  const memory = new Memory(gpu, parameters.memory);
  try {
    const shape = { batch, time: 1, masked: false, gradients: false, seed: undefined };
    const recorded = recordNetwork(parameters, shape, gpu.target);
    return new Stream(parameters, recorded, memory, await Program.create(memory, recorded.plan));
  } catch (error) {
    memory.dispose();
    parameters.release();
    throw error;
  }
}
