import { type Elements, Memory } from "../gpu/memory.ts";
import { submit } from "../gpu/queue.ts";
import { StagingRing } from "../gpu/staging.ts";
import type { EncoderDecoder } from "../nn/encoder-decoder.ts";
import { Program } from "../plan/program.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import type { Parameters } from "../train/parameters.ts";
import { recordTranslation, type TranslationPlan, type TranslationShape } from "./translation-plan.ts";

/** What a step gives. */
interface TranslationStep {
  readonly logits: Float32Array; // [R, V]
  /** [R, S], where attention is read. */
  readonly weights: Float32Array | undefined;
}

/** A translation of one shape that has met its device, over weights that others share. */
export class TranslationNetwork {
  readonly recorded: TranslationPlan;
  readonly #parameters: Parameters;
  readonly #memory: Memory;
  readonly #encode: Program;
  readonly #decode: Program;
  readonly #staging: StagingRing;

  /** @throws WebgpuRnnError when a shader does not compile or the device has not enough memory; all is freed then */
  static async create(
    parameters: Parameters,
    model: EncoderDecoder,
    shape: TranslationShape,
  ): Promise<TranslationNetwork> {
    const { gpu } = parameters.memory;
    const shared = parameters.share();
    const memory = new Memory(gpu, parameters.memory);
    const programs: Program[] = [];
    try {
      const recorded = recordTranslation({ model, layout: parameters.layout }, shape, gpu.target);
      for (const plan of [recorded.encode, recorded.decode]) programs.push(await Program.create(memory, plan));
      const [encode, decode] = programs as [Program, Program];
      return new TranslationNetwork(recorded, shared, memory, encode, decode);
    } catch (error) {
      for (const program of programs) program.dispose();
      memory.dispose();
      shared.release();
      throw error;
    }
  }

  private constructor(
    recorded: TranslationPlan,
    parameters: Parameters,
    memory: Memory,
    encode: Program,
    decode: Program,
  ) {
    this.recorded = recorded;
    this.#parameters = parameters;
    this.#memory = memory;
    this.#encode = encode;
    this.#decode = decode;
    const read = [recorded.logits, ...(recorded.weights ? [recorded.weights] : [])];
    this.#staging = new StagingRing(
      memory.gpu,
      "translator",
      read.map((tensor) => decode.bufferOf(tensor)),
    );
  }

  /** Reads the source. */
  encode(inputs: Elements, mask: Float32Array): void {
    const { recorded } = this;
    this.#encode.write(recorded.inputs, inputs);
    this.#encode.write(recorded.mask, mask);
    submit(this.#memory.gpu, (encoder) => {
      for (const state of recorded.states) this.#encode.clear(encoder, state);
      this.#encode.encode(encoder);
    });
  }

  /**
   * Writes one step.
   * @param parents undefined where there is one beam
   */
  async decode(tokens: Uint32Array, parents: Uint32Array | undefined): Promise<TranslationStep> {
    const { recorded } = this;
    this.#decode.write(recorded.tokens, tokens);
    if (parents) this.#decode.write(recorded.parents, parents);
    submit(this.#memory.gpu, (encoder) => {
      this.#decode.encode(encoder);
      this.#staging.copy(encoder);
    });
    const { logits, weights } = recorded;
    const bytes = await this.#staging.latest();
    const part = ({ offset, shape }: Tensor, first: number): Float32Array =>
      new Float32Array(bytes, first + offset * 4, sizeOf(shape));
    const behind = this.#decode.bufferOf(logits).size;
    return { logits: part(logits, 0), weights: weights && part(weights, behind) };
  }

  dispose(): void {
    this.#encode.dispose();
    this.#decode.dispose();
    this.#staging.dispose();
    this.#memory.dispose();
    this.#parameters.release();
  }
}
