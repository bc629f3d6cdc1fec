import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { submit } from "../gpu/queue.ts";
import { StagingRing } from "../gpu/staging.ts";
import type { Model } from "../nn/sequential.ts";
import { DRAW, type SamplingOptions, samplingDims } from "../ops/sampling.ts";
import type { Plan } from "../plan/plan.ts";
import type { Program } from "../plan/program.ts";
import { checkIds, vocabularyOf } from "./batch.ts";
import { Parameters, type WeightSource } from "./parameters.ts";
import { CHUNK, recordSampling, type SamplingPlan } from "./sampling-plan.ts";

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
  readonly #recorded: SamplingPlan;
  readonly #program: Program;
  readonly #staging: StagingRing;
  #generation = 0;

  constructor(parameters: Parameters, recorded: SamplingPlan, program: Program) {
    const { memory } = program;
    this.parameters = parameters;
    this.#recorded = recorded;
    this.#program = program;
    this.#staging = new StagingRing(memory.gpu, "tokens", [memory.buffer(recorded.tokens.storage)]);
  }

  /** What is played for each token; prints itself. */
  get plan(): Plan {
    return this.#program.plan;
  }

  /**
   * Draws tokens one after the other, 64 to a submit; while you look at these the next 64 are computed.
   * Equal weights and options give equal tokens, whatever the length. A second call ends the first.
   * @throws WebgpuRnnError when an id or an option is out of range
   */
  generate(options: GenerateOptions): AsyncGenerator<number, void, undefined> {
    const { prompt, length } = options;
    checkIds("generate: prompt", prompt, vocabularyOf(this.parameters.model));
    if (prompt.length === 0) throw refuse({ what: "generate: prompt", expected: "at least one id", got: "none" });
    if (!(Number.isSafeInteger(length) && length >= 0)) {
      throw refuse({ what: "generate: length", expected: "a whole number of at least 0", got: String(length) });
    }
    const draw = { ...samplingDims(options), prompt_end: prompt.length };
    return this.#generate(prompt, prompt.length + length, draw);
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    this.#generation += 1;
    this.#program.dispose();
    this.#staging.dispose();
    this.#program.memory.dispose();
    this.parameters.release();
  }

  /** @param end position behind the last token */
  async *#generate(prompt: ArrayLike<number>, end: number, draw: Record<string, number>) {
    const generation = ++this.#generation;
    const { memory } = this.#program;
    this.#program.update(DRAW, draw);
    memory.write(this.#recorded.next, Uint32Array.of(prompt[0] as number));
    memory.write(this.#recorded.cursor, Uint32Array.of(0));
    let coming = this.#play(prompt, 1, end);
    for (let begin = 1; begin < end; begin += CHUNK) {
      const tokens = await coming.catch((error) => {
        if (generation === this.#generation) throw error;
        return undefined; // a sampler that is disposed of ends its generation
      });
      if (!tokens || generation !== this.#generation) return;
      coming = this.#play(prompt, begin + CHUNK, end);
      coming.catch(() => undefined); // told when it is awaited, and to nobody where the generation ends before
      for (let position = Math.max(begin, prompt.length); position < Math.min(begin + CHUNK, end); position++) {
        if (generation !== this.#generation) return;
        yield tokens[position % CHUNK] as number;
      }
    }
  }

  /** Plays the steps that give the tokens at positions `begin` … `begin + CHUNK − 1`, as far as they are wanted. */
  async #play(prompt: ArrayLike<number>, begin: number, end: number): Promise<Uint32Array> {
    const times = Math.min(CHUNK, end - begin);
    if (times <= 0) return new Uint32Array();
    const { memory } = this.#program;
    const given = Math.min(begin + CHUNK, prompt.length);
    if (begin < given) {
      const ring = new Uint32Array(CHUNK);
      for (let position = begin; position < given; position++) ring[position % CHUNK] = prompt[position] as number;
      memory.write(this.#recorded.tokens, ring);
    }
    submit(memory.gpu, (encoder) => {
      if (begin === 1) for (const { storage } of this.#recorded.states.values()) memory.clear(encoder, storage);
      this.#program.encode(encoder, times);
      this.#staging.copy(encoder);
    });
    return new Uint32Array(await this.#staging.latest());
  }
}

/**
 * Compiles a model for generation.
 * @throws WebgpuRnnError when the weights do not fit the model, or the model does not read and write the same ids
 */
export async function createSampler(gpu: Gpu, model: Model, { from }: SamplerOptions): Promise<Sampler> {
  const vocabulary = vocabularyOf(model);
  const outputs = model.layers.at(-1)?.output;
  if (outputs !== vocabulary) {
    const expected = `a last layer of ${vocabulary} outputs, one for each id that the first layer takes`;
    throw refuse({ what: "createSampler", expected, got: String(outputs) });
  }
  const parameters = Parameters.from(gpu, model, from);
  const recorded = recordSampling(model, parameters.layout, gpu.target);
  const program = await parameters.program(recorded.plan);
  return new Sampler(parameters, recorded, program);
}
