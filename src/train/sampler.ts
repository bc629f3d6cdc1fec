import { checkIds, vocabularyOf } from "../batch/ids.ts";
import { onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";
import { checkGpu, type Gpu } from "../gpu/device.ts";
import { type Commands, submit } from "../gpu/queue.ts";
import { oneSequence } from "../nn/encoder-decoder.ts";
import { type Model, wholeModel } from "../nn/sequential.ts";
import { checkStepwise } from "../nn/stepwise.ts";
import { DRAW, type SamplingOptions, samplingDims } from "../ops/sampling.ts";
import type { Plan } from "../plan/plan.ts";
import { Flow } from "./flow.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import { CHUNK, recordSampling, type SamplingPlan } from "./sampling-plan.ts";
import { tune } from "./tune.ts";
import { forget, Workspace } from "./workspace.ts";

export interface SamplerOptions {
  /** Weights by name, or the program whose weights are used where they lie, such as a trainer. */
  from: WeightSource;
}

export interface GenerateOptions extends SamplingOptions {
  /** Ids that come before the first drawn one; at least one. */
  prompt: ArrayLike<number>;
  /** How many tokens to draw. */
  length: number;
}

/** Writes on from a prompt; every token is drawn on the GPU and feeds the next step there. */
export class Sampler {
  readonly parameters: Parameters;
  readonly #workspace: Workspace<SamplingPlan>;
  readonly #flow: Flow;
  #generation = 0;

  constructor(workspace: Workspace<SamplingPlan>) {
    this.parameters = workspace.parameters;
    this.#workspace = workspace;
    this.#flow = new Flow(workspace.memory.gpu);
  }

  /** What is played for each token; prints itself. */
  get plan(): Plan {
    return this.#workspace.recorded.plan;
  }

  /**
   * Draws tokens one after the other, 64 to a submit; while you look at these the next 64 are computed.
   * Equal weights and options give equal tokens, whatever the length. The generation that begins last ends the others.
   * @throws WebgpuRnnError when an id or an option is out of range
   */
  generate(options: GenerateOptions): AsyncGenerator<number, void, undefined> {
    const { prompt, length } = options;
    checkIds("generate: prompt", prompt, vocabularyOf(this.parameters.model));
    if (prompt.length === 0) throw refuse({ what: "generate: prompt", expected: "at least one id", got: "none" });
    whole("generate: length", length, 0);
    const draw = { ...samplingDims(options), prompt_end: prompt.length };
    return this.#generate(Uint32Array.from(prompt), prompt.length + length, draw);
  }

  /** Frees everything but weights that other programs share; a generation that is under way ends. */
  dispose(): void {
    this.#generation += 1;
    this.#workspace.dispose();
  }

  /** @param end position behind the last token */
  async *#generate(prompt: Uint32Array, end: number, draw: Record<string, number>) {
    const generation = ++this.#generation;
    const { memory, program, recorded } = this.#workspace;
    memory.check();
    await this.#flow.ready();
    if (generation !== this.#generation) return;
    program.update(DRAW, draw);
    memory.write(recorded.next, prompt.subarray(0, 1));
    memory.write(recorded.cursor, Uint32Array.of(0));
    let coming = this.#play(generation, prompt, 1, end);
    for (let begin = 1; begin < end; begin += CHUNK) {
      const tokens = await coming;
      coming = this.#play(generation, prompt, begin + CHUNK, end);
      coming.catch(() => undefined); // told when it is awaited, and to nobody where the generation ends before
      for (let position = Math.max(begin, prompt.length); position < Math.min(begin + CHUNK, end); position++) {
        if (generation !== this.#generation) return;
        yield tokens[position % CHUNK] as number;
      }
    }
  }

  /**
   * Plays the steps that give the tokens at positions `begin` … `begin + CHUNK − 1`, as far as they are wanted.
   * @returns the ring of tokens; empty where nothing is wanted any more
   */
  async #play(generation: number, prompt: Uint32Array, begin: number, end: number): Promise<Uint32Array> {
    const times = Math.min(CHUNK, end - begin);
    const { memory, program, recorded, staging } = this.#workspace;
    if (begin > 1) await this.#flow.ready();
    if (times <= 0 || generation !== this.#generation) return new Uint32Array();
    const given = Math.min(begin + CHUNK, prompt.length);
    if (begin < given) {
      const ring = new Uint32Array(CHUNK);
      for (let position = begin; position < given; position++) ring[position % CHUNK] = prompt[position] as number;
      memory.write(recorded.tokens, ring);
    }
    const record = (encoder: Commands): void => {
      if (begin === 1) forget(encoder, this.#workspace);
      program.encode(encoder, times);
      staging.copy(encoder);
    };
    this.#flow.submitted(submit(memory.gpu, record, this.#flow.pace));
    try {
      return new Uint32Array(await staging.latest());
    } catch (error) {
      if (generation === this.#generation) throw error;
      return new Uint32Array(); // a sampler that is disposed of ends its generation
    }
  }
}

/**
 * Compiles a model for generation.
 * @throws WebgpuRnnError when the weights do not fit the model, the model does not read and write the same ids, or a layer
 *   of it does not run forward in time
 */
export async function createSampler(gpu: Gpu, model: Model, options: SamplerOptions): Promise<Sampler> {
  wholeModel("createSampler", model);
  onlyKnown("createSampler", options, ["from"]);
  oneSequence("createSampler", model);
  const vocabulary = vocabularyOf(model);
  const outputs = model.layers.at(-1)?.output;
  if (outputs !== vocabulary) {
    const expected = `a last layer of ${vocabulary} outputs, one for each id that the first layer takes`;
    throw refuse({ what: "createSampler", expected, got: String(outputs) });
  }
  checkStepwise("createSampler", model);
  checkGpu("createSampler", gpu);
  if (gpu.choices) await tune(gpu, model, { batch: 1, time: 1, training: false });
  const workspace = await Workspace.create(
    Parameters.from(gpu, model, options.from),
    (layout) => recordSampling(model, layout, gpu.target),
    ({ tokens }) => [tokens],
  );
  return new Sampler(workspace);
}
