import { deviceInputs, type Inputs } from "../batch/inputs.ts";
import { deviceMask, type RowSteps } from "../batch/mask.ts";
import { flag, onlyKnown, whole, wholeNumbers } from "../check.ts";
import { refuse, WebgpuRnnError } from "../errors.ts";
import { checkGpu, type Gpu } from "../gpu/device.ts";
import { DISPOSED } from "../gpu/memory.ts";
import { type EncoderDecoder, isEncoderDecoder } from "../nn/encoder-decoder.ts";
import { wholeModel } from "../nn/sequential.ts";
import type { HostTensor } from "../tensor.ts";
import { Parameters, type WeightSource } from "../train/parameters.ts";
import { BeamSearch, type Hypothesis } from "./beam-search.ts";
import { TranslationNetwork } from "./translation-network.ts";

export interface TranslatorOptions {
  /** Weights by name, or the program whose weights are used where they lie, such as a trainer. */
  from: WeightSource;
  /** The id that ends a translation. Default: none, so that all are as long as they may be. */
  end?: number;
  /** Hypotheses that are followed side by side, K; 1 takes the likeliest id at every step. Default 1. */
  beams?: number;
  /** Most ids of a translation. Default 100. */
  longest?: number;
  /** Rows of inputs that do not tell, B. Default 1. */
  batch?: number;
  /** Whether translations tell what their attention looked at. Default false. */
  attention?: boolean;
}

/** What is to be translated. */
export interface Source extends RowSteps {
  /** Ids [B, S], or features [B, S, I]. */
  readonly inputs: Inputs;
}

export interface Translation {
  /** For each row, without the ids that start and end it. */
  readonly ids: readonly (readonly number[])[];
  /** For each row the sum of the logarithms of its ids' probabilities, that of the end included, in nats. */
  readonly score: readonly number[];
  /**
   * With `attention`: for each row the weights of the source's steps, [T, S], as each of its T ids was chosen. They add
   * up to 1; all are 0 where the source has no step.
   */
  readonly attention?: readonly HostTensor[];
}

/** Shapes that are kept ready; one more takes the place of the one that has rested longest. */
const MOST = 8;

/**
 * Writes with the decoder what it makes of what the encoder has read, as outside training. The source is read once; then
 * each step costs one submit and one read of the outputs [B · K, V], from which the host chooses how to go on. The states
 * stay on the device.
 */
export class Translator {
  readonly parameters: Parameters;
  readonly #model: EncoderDecoder;
  readonly #options: Required<Pick<TranslatorOptions, "beams" | "longest" | "batch" | "attention">> & {
    end: number | undefined;
  };
  readonly #networks = new Map<string, TranslationNetwork>();
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  constructor(parameters: Parameters, model: EncoderDecoder, options: TranslatorOptions) {
    const { end, beams = 1, longest = 100, batch = 1, attention = false } = options;
    this.parameters = parameters;
    this.#model = model;
    this.#options = { end, beams, longest, batch, attention };
  }

  /**
   * Translates a batch of any size; a second call waits for the first. The first of a shape compiles it.
   * @throws WebgpuRnnError when inputs, lengths or mask are not as the model takes them, or an output is not a number
   */
  run(source: Source): Promise<Translation> {
    const result = this.#last.then(() => this.#run(source));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const network of this.#networks.values()) network.dispose();
    this.#networks.clear();
    this.parameters.release();
  }

  async #run(source: Source): Promise<Translation> {
    if (this.#disposed) throw new WebgpuRnnError(DISPOSED);
    this.parameters.memory.check();
    onlyKnown("translate", source, ["inputs", "lengths", "mask"]);
    const { beams } = this.#options;
    const { batch, time, elements } = deviceInputs(
      this.#model.encoder,
      source.inputs,
      "batch-first",
      this.#options.batch,
    );
    const mask = deviceMask(source, batch, time, true) ?? new Float32Array(time * batch).fill(1);
    const network = await this.#networkOf(batch * beams, time);
    network.encode(repeated(elements, time * batch, beams), repeated(mask, time * batch, beams) as Float32Array);
    const { found, looked } = await this.#search(network, batch);
    const attention = () => found.map((best, row) => weightsOf(best, looked, row * beams, time));
    return {
      ids: found.map(({ ids }) => ids),
      score: found.map(({ score }) => score),
      ...(this.#options.attention ? { attention: attention() } : {}),
    };
  }

  /** What is found for each row, and the weights of attention at every step, [B · K, S] each. */
  async #search(
    network: TranslationNetwork,
    batch: number,
  ): Promise<{ found: readonly Hypothesis[]; looked: readonly Float32Array[] }> {
    const { beams } = this.#options;
    const vocabulary = this.#model.decoder.layers.at(-1)?.output as number;
    const searches = Array.from({ length: batch }, () => new BeamSearch(this.#options));
    const tokens = new Uint32Array(batch * beams).fill(this.#model.start as number);
    const parents = Uint32Array.from(tokens, (_, row) => row);
    const looked: Float32Array[] = [];
    while (searches.some(({ done }) => !done)) {
      const { logits, weights } = await network.decode(tokens, beams > 1 ? parents : undefined);
      if (weights) looked.push(weights);
      searches.forEach((search, row) => {
        if (search.done) return;
        const first = row * beams;
        search.advance(logits.subarray(first * vocabulary), vocabulary);
        search.live.forEach(({ ids, parents: origins }, beam) => {
          tokens[first + beam] = ids.at(-1) as number;
          parents[first + beam] = first + (origins.at(-1) as number);
        });
      });
    }
    const found = searches.map(({ best }, row) => {
      if (best) return best;
      throw refuse({ what: `translate: outputs of row ${row}`, expected: "finite numbers", got: "none" });
    });
    return { found, looked };
  }

  async #networkOf(rows: number, time: number): Promise<TranslationNetwork> {
    const key = `${rows} × ${time}`;
    const { beams, attention } = this.#options;
    const shape = { rows, time, beams: beams > 1, attention };
    const found = this.#networks.get(key) ?? (await TranslationNetwork.create(this.parameters, this.#model, shape));
    if (this.#disposed) {
      found.dispose();
      throw new WebgpuRnnError(DISPOSED);
    }
    this.#networks.delete(key);
    this.#networks.set(key, found); // the latest comes last
    for (const [oldest, network] of [...this.#networks].slice(0, -MOST)) {
      this.#networks.delete(oldest);
      network.dispose();
    }
    return found;
  }
}

/**
 * The weights [T, S] by which a hypothesis came about.
 * @param steps [B · K, S] each
 * @param first row of its beams
 */
function weightsOf({ parents }: Hypothesis, steps: readonly Float32Array[], first: number, time: number): HostTensor {
  const data = new Float32Array(parents.length * time);
  parents.forEach((beam, step) => {
    const start = (first + beam) * time;
    data.set((steps[step] as Float32Array).subarray(start, start + time), step * time);
  });
  return { shape: [parents.length, time], data };
}

/** Each of some rows of equal length `times` times. */
function repeated(elements: Float32Array | Uint32Array, rows: number, times: number): Float32Array | Uint32Array {
  if (times === 1) return elements;
  const width = elements.length / rows;
  const from = (i: number): number => elements[Math.floor(i / (width * times)) * width + (i % width)] as number;
  const length = elements.length * times;
  return elements instanceof Uint32Array
    ? Uint32Array.from({ length }, (_, i) => from(i))
    : Float32Array.from({ length }, (_, i) => from(i));
}

/**
 * Makes a model ready to translate: what its encoder reads into ids that its decoder writes.
 * @throws WebgpuRnnError when an option is out of range, weights do not fit the model, the model has no `start`, or its
 *   decoder does not read the ids that it writes
 */
export async function createTranslator(
  gpu: Gpu,
  model: EncoderDecoder,
  options: TranslatorOptions,
): Promise<Translator> {
  wholeModel("createTranslator", model);
  onlyKnown("createTranslator", options, ["from", "end", "beams", "longest", "batch", "attention"]);
  const { from, end, beams = 1, longest = 100, batch = 1, attention = false } = options;
  flag("createTranslator: attention", attention);
  wholeNumbers("createTranslator", { beams, longest, batch });
  const [first, last] = [model.decoder?.layers[0], model.decoder?.layers.at(-1)];
  const vocabulary = first?.input === "ids" ? (first.config.vocabulary as number) : 0;
  if (!isEncoderDecoder(model) || model.start === undefined || (last?.output as number) > vocabulary) {
    const expected = "a model of encoderDecoder with a start, whose decoder reads the ids that it writes";
    const got = `start ${model.start}, ${last?.output} outputs, ${vocabulary} ids`;
    throw refuse({ what: "createTranslator: model", expected, got });
  }
  if (end !== undefined) whole("createTranslator: end", end, 0, (last?.output as number) - 1);
  if (attention && !model.attention) {
    const expected = "false for a model without attention";
    throw refuse({ what: "createTranslator: attention", expected, got: "true" });
  }
  checkGpu("createTranslator", gpu);
  return new Translator(Parameters.from(gpu, model, from), model, options);
}
