import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { initialWeights } from "../nn/init.ts";
import { layOut, type ParameterLayout, parametersAmong } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import type { Plan } from "../plan/plan.ts";
import { Program } from "../plan/program.ts";
import type { NamedTensors, Tensor } from "../tensor.ts";

/** Weights to start from: tensors by name, or a program whose weights are shared where they lie. */
export type WeightSource = NamedTensors | { readonly parameters: Parameters };

/** The parameters of a model on the device: one slab, shared by every program made from it. */
export class Parameters {
  readonly model: Model;
  readonly layout: ParameterLayout;
  readonly memory: Memory;
  #programs = 1;

  /**
   * @param source by default random weights, drawn from `seed`
   * @throws WebgpuRnnError when a tensor is missing or has another shape, or its program is of another model or device
   */
  static from(gpu: Gpu, model: Model, source: WeightSource | undefined, seed = 0): Parameters {
    if (source && "parameters" in source) return shareable(gpu, model, source.parameters);
    const parameters = new Parameters(gpu, model);
    parameters.memory.buffer(parameters.layout.slab); // refuses what is too large before anything is drawn for it
    parameters.write(source ?? initialWeights(model, seed));
    return parameters;
  }

  private constructor(gpu: Gpu, model: Model) {
    this.model = model;
    this.layout = layOut(model);
    this.memory = new Memory(gpu);
  }

  /** Lets another program use the weights; each must release them. */
  share(): Parameters {
    this.#programs += 1;
    return this;
  }

  /** Frees the weights once no program uses them. */
  release(): void {
    this.#programs -= 1;
    if (this.#programs === 0) this.memory.dispose();
  }

  /**
   * Copies weights from the host.
   * @throws WebgpuRnnError when one is missing or has another shape; nothing has been written then
   */
  write(weights: NamedTensors): void {
    for (const [name, { data }] of parametersAmong("weights", this.model, weights)) {
      this.memory.write(this.layout.tensors.get(name) as Tensor, data);
    }
  }

  /**
   * Compiles a plan that works on these weights, over a memory of its own.
   * @throws WebgpuRnnError when a shader does not compile or the device has not enough memory; all is freed then
   */
  async program(plan: Plan): Promise<Program> {
    const memory = new Memory(this.memory.gpu, this.memory);
    try {
      return await Program.create(memory, plan);
    } catch (error) {
      memory.dispose();
      this.release();
      throw error;
    }
  }

  /** Copies all parameters to the host. */
  async toHost(): Promise<NamedTensors> {
    const tensors = [...this.layout.tensors.values()];
    const data = await this.memory.read(...tensors);
    return new Map(tensors.map(({ name, shape }, i) => [name, { shape, data: data[i] as Float32Array }]));
  }
}

function shareable(gpu: Gpu, model: Model, parameters: Parameters): Parameters {
  if (parameters.memory.gpu !== gpu) {
    throw refuse({
      what: "from",
      expected: "a program on the same device",
      got: "one on another",
      cure: "copy its weights with weights()",
    });
  }
  if (String(parameters.model) !== String(model)) {
    throw refuse({ what: "from", expected: `a program of this model\n${model}`, got: `\n${parameters.model}` });
  }
  return parameters.share();
}
