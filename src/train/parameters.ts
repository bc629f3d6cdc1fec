import { named } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { initialWeights } from "../nn/init.ts";
import { fitting, layOut, type ParameterLayout, parametersAmong } from "../nn/parameters.ts";
import type { Model } from "../nn/sequential.ts";
import type { NamedTensors, Tensor } from "../tensor.ts";

/** Weights to start from: tensors by name, or a program whose weights are shared where they lie. */
export type WeightSource = NamedTensors | { readonly parameters: Parameters };

/** The parameters of a model on the device: one slab, shared by every program made from it. */
export class Parameters {
  readonly model: Model;
  readonly layout: ParameterLayout;
  readonly memory: Memory;
  #programs = 1;

  /** Random weights, drawn from `seed`. */
  static draw(gpu: Gpu, model: Model, seed: number): Parameters {
    return Parameters.#filled(gpu, model, () => initialWeights(model, seed));
  }

  /**
   * The weights of a program, or weights from the host.
   * @throws WebgpuRnnError when a tensor is missing, does not fit or is not finite, or the program is of another model
   *   or device, or has been disposed of
   */
  static from(gpu: Gpu, model: Model, source: WeightSource): Parameters {
    if (source instanceof Map) return Parameters.#filled(gpu, model, () => source);
    const parameters = (source as { parameters?: unknown } | undefined)?.parameters;
    if (parameters instanceof Parameters) return shareable(gpu, model, parameters);
    const expected = "weights by name in a Map, or a trainer, evaluator or sampler";
    throw refuse({ what: "from", expected, got: source === undefined ? "nothing" : String(source) });
  }

  static #filled(gpu: Gpu, model: Model, weights: () => NamedTensors): Parameters {
    const parameters = new Parameters(gpu, model);
    try {
      parameters.memory.buffer(parameters.layout.slab); // refuses what is too large before anything is drawn for it
      parameters.#write(weights());
      return parameters;
    } catch (error) {
      parameters.release();
      throw error;
    }
  }

  private constructor(gpu: Gpu, model: Model) {
    this.model = model;
    this.layout = layOut(model);
    this.memory = new Memory(gpu);
  }

  /** Lets another program use the weights; each must release them. */
  share(): Parameters {
    this.memory.check();
    this.#programs += 1;
    return this;
  }

  /** Frees the weights once no program uses them. */
  release(): void {
    this.#programs -= 1;
    if (this.#programs === 0) this.memory.dispose();
  }

  /** Copies all parameters to the host. */
  async toHost(): Promise<NamedTensors> {
    const tensors = [...this.layout.tensors.values()];
    const data = await this.memory.read(...tensors);
    return new Map(tensors.map(({ name, shape }, i) => [name, { shape, data: data[i] as Float32Array }]));
  }

  /**
   * Replaces some or all parameters.
   * @throws WebgpuRnnError when one is unknown, has another shape or is not finite; nothing has been written then
   */
  replace(tensors: NamedTensors): void {
    this.memory.check();
    named("parameters", tensors);
    const fits = [...tensors].map(([name, given]) => {
      const parameter = this.layout.tensors.get(name);
      if (parameter) return [parameter, fitting(`parameters: "${name}"`, parameter.shape, given).data] as const;
      const expected = `names among ${[...this.layout.tensors.keys()].join(", ")}`;
      throw refuse({ what: "parameters", expected, got: name });
    });
    for (const [parameter, data] of fits) this.memory.write(parameter, data);
  }

  #write(weights: NamedTensors): void {
    for (const [name, { data }] of parametersAmong("weights", this.model, weights)) {
      this.memory.write(this.layout.tensors.get(name) as Tensor, data);
    }
  }
}

function shareable(gpu: Gpu, model: Model, parameters: Parameters): Parameters {
  if (parameters.memory.gpu.device !== gpu.device) {
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
