import { checkTensor, hostShape, LAYOUTS, type Layout, toDevice } from "../batch/host-layout.ts";
import { flag, oneOf, onlyKnown, wholeNumbers, wholeSeed } from "../check.ts";
import { WebgpuRnnError } from "../errors.ts";
import { checkGpu, type Gpu } from "../gpu/device.ts";
import type { Elements } from "../gpu/memory.ts";
import { oneSequence } from "../nn/encoder-decoder.ts";
import type { Layer } from "../nn/layer.ts";
import { type Model, wholeModel } from "../nn/sequential.ts";
import { checkOptimizer, type Optimizer } from "../optim/optimizer.ts";
import type { Plan } from "../plan/plan.ts";
import type { HostTensor, NamedTensors, Tensor } from "../tensor.ts";
import { Parameters, type WeightSource } from "../train/parameters.ts";
import { type Flow, type FlowOutput, flowFrom, oneHot } from "./flow.ts";
import { type Forward, ForwardPass, type ForwardResult } from "./forward.ts";
import { type Gradients, readGradients } from "./gradients.ts";
import type { Network, RecordedGradients } from "./network.ts";
import { Networks } from "./networks.ts";
import { fillStates } from "./states.ts";
import { Update } from "./update.ts";

export interface DifferentiatorOptions {
  /** Most rows of a batch, B. */
  batch: number;
  /** Most time steps, T. */
  time: number;
  /** Weights by name, or a program whose weights are used where they lie. Default: drawn from `seed`. */
  from?: WeightSource;
  /** Key of the initial weights and of all that training draws, a whole number below 2³². Default 0. */
  seed?: number;
  /** Whether dropout, zoneout and DropConnect act; each forward call draws anew. Default true. */
  training?: boolean;
  /** How inputs, outputs and their gradients lie on the host. Default "batch-first", [B, T, N]. */
  layout?: Layout;
  /** What {@link Differentiator.applyFlat} updates the weights with. */
  optimizer?: Optimizer;
}

const NAMES = [
  "batch",
  "time",
  "from",
  "seed",
  "training",
  "layout",
  "optimizer",
] as const satisfies readonly (keyof DifferentiatorOptions)[];

/** Cotangents: the gradients of your loss with respect to what {@link Differentiator.forward} gave; what is left out is 0. */
export interface Cotangents {
  readonly outputs?: HostTensor;
  readonly finalStates?: NamedTensors;
}

/**
 * Runs a model forward and back by itself: a loss or an optimiser of your own hangs on it. Calls wait for one another.
 * Sequences start from zeros, from learned states, or from those given; nothing is carried from call to call.
 */
export class Differentiator {
  readonly parameters: Parameters;
  readonly #networks: Networks;
  readonly #pass: ForwardPass;
  readonly #layout: Layout;
  readonly #update: Update;
  #flat: Float32Array | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parameters: Parameters, options: DifferentiatorOptions) {
    const { batch, time, seed = 0, training = true, layout = "batch-first", optimizer } = options;
    this.parameters = parameters;
    this.#layout = layout;
    this.#networks = new Networks(parameters, { gradients: true, seed: training ? seed : undefined });
    this.#pass = new ForwardPass(this.#networks, parameters.model, { batch, time, layout });
    this.#update = new Update(parameters, optimizer);
  }

  /** What the latest forward call played; prints itself. Undefined before the first. */
  get plan(): Plan | undefined {
    return this.#pass.network?.recorded.plan;
  }

  /**
   * Replaces some or all parameters at once, for calls that still wait as well.
   * @throws WebgpuRnnError when one is unknown, has another shape or is not finite; nothing has been written then
   */
  setParameters(tensors: NamedTensors): void {
    this.#networks.check();
    this.parameters.replace(tensors);
  }

  /** Copies all parameters to the host. */
  weights(): Promise<NamedTensors> {
    return this.#queue(() => this.parameters.toHost());
  }

  /**
   * Runs the model forward.
   * @throws WebgpuRnnError when inputs, lengths, mask, initial states or taps are not as the model takes them; nothing
   *   has run then
   */
  forward(given: Forward): Promise<ForwardResult> {
    return this.#queue(() => this.#pass.run(given));
  }

  /**
   * Runs the model back from the latest forward call, once for each: gradients take the place of what it has saved.
   * @throws WebgpuRnnError when there is no such call, or a cotangent has another shape or is not finite
   */
  backward(cotangents: Cotangents): Promise<Gradients> {
    return this.#queue(async () => {
      onlyKnown("backward", cotangents, ["outputs", "finalStates"]);
      const network = this.#pass.toGoBack("backward");
      const written = this.#cotangents(network, cotangents);
      this.#pass.gone();
      const gradients = await readGradients(this.parameters, network, written, this.#layout);
      this.#flat = flatten(gradients.parameters);
      return gradients;
    });
  }

  /**
   * What one number of the outputs of the latest forward call owes to every step: its gradient with respect to the inputs,
   * and the norm of its gradient with respect to h after each step, by layer. Vanishing and exploding gradients show here.
   * @throws WebgpuRnnError when there was no forward call or no such output
   */
  gradientFlow(given: { output: FlowOutput }): Promise<Flow> {
    return this.#queue(async () => {
      onlyKnown("gradientFlow", given, ["output"]);
      const { output } = given;
      onlyKnown("gradientFlow: output", output, ["step", "unit", "row"]);
      const network = await this.#pass.again();
      const [tensor, elements] = oneHot(network, output);
      this.#pass.gone();
      const gradients = await readGradients(this.parameters, network, [[tensor, elements]], this.#layout);
      return flowFrom(gradients, output.row ?? 0, this.#layout);
    });
  }

  /**
   * The gradients of the latest backward call as one array, the parameters in the model's order, each row-major.
   * @throws WebgpuRnnError when there was none
   */
  flatGradients(): Promise<Float32Array> {
    return this.#queue(async () => {
      if (this.#flat) return this.#flat.slice();
      throw new WebgpuRnnError("flatGradients: expected a backward call before. Call backward first.");
    });
  }

  /**
   * Lets the optimizer update the weights with gradients of your own, such as an average over several machines.
   * @param gradients as {@link flatGradients} gives them
   * @throws WebgpuRnnError when there is no optimizer, or they are too few, too many or not finite
   */
  applyFlat(gradients: Float32Array): Promise<void> {
    return this.#queue(() => this.#update.apply(gradients));
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    this.#update.dispose();
    this.#networks.dispose();
  }

  #queue<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      this.#networks.check();
      return run();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  #cotangents(network: Network, { outputs, finalStates }: Cotangents): (readonly [Tensor, Elements])[] {
    if (!outputs && !finalStates)
      throw new WebgpuRnnError("backward: expected cotangents of outputs or finalStates, got neither.");
    const { back, output, stateParts } = network.recorded as { back: RecordedGradients } & Network["recorded"];
    const [time, batch, width] = output.shape as [number, number, number];
    const shape = { batch, time, width };
    if (outputs) checkTensor("backward: outputs", outputs, hostShape(shape, this.#layout));
    const states = fillStates("backward: finalStates", stateParts, finalStates);
    const zeros = { shape: hostShape(shape, this.#layout), data: new Float32Array(batch * time * width) };
    return [
      [back.output, toDevice((outputs ?? zeros).data, shape, this.#layout)],
      ...[...states].map(([state, elements]) => [back.states.get(state) as Tensor, elements] as const),
    ];
  }
}

function flatten(tensors: NamedTensors): Float32Array {
  const parts = [...tensors.values()].map(({ data }) => data);
  const flat = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    flat.set(part, at);
    at += part.length;
  }
  return flat;
}

/**
 * Compiles a model, or a layer alone, to be run forward and back by itself.
 * @throws WebgpuRnnError when an option is out of range or weights do not fit the model
 */
export async function createDifferentiator(
  gpu: Gpu,
  model: Model | Layer,
  options: DifferentiatorOptions,
): Promise<Differentiator> {
  const whole = wholeModel("createDifferentiator", model);
  onlyKnown("createDifferentiator", options, NAMES);
  if (options.optimizer !== undefined) checkOptimizer("createDifferentiator: optimizer", options.optimizer);
  oneSequence("createDifferentiator", whole);
  const { batch, time, from, seed = 0, training, layout } = options;
  wholeNumbers("createDifferentiator", { batch, time });
  wholeSeed("createDifferentiator: seed", seed);
  flag("createDifferentiator: training", training);
  oneOf("createDifferentiator: layout", layout, LAYOUTS);
  checkGpu("createDifferentiator", gpu);
  const parameters = from === undefined ? Parameters.draw(gpu, whole, seed) : Parameters.from(gpu, whole, from);
  return new Differentiator(parameters, options);
}
