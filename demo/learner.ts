import type { Vocabulary } from "../src/data/index.ts";
import {
  createEvaluator,
  createTrainer,
  type Evaluator,
  type FitEvent,
  fit,
  type Gpu,
  type Model,
  type Sampler,
  type Trainer,
  WebgpuRnnError,
} from "../src/index.ts";
import { writeCheckpoint } from "../src/io/index.ts";
import { type Dataset, readDataset, type Shape } from "./dataset.ts";
import { trainerOptions } from "./model.ts";

/** What a learner begins with. */
export interface Beginning {
  gpu: Gpu;
  model: Model;
  vocabulary: Vocabulary;
  shape: Shape;
  rate: number;
  /** Of the last batch seen. */
  cursor: number;
}

/** A model on the device, with all that the page does with it: learn a text, be measured, write, be saved. */
export class Learner {
  /** True once it can do nothing any more. */
  disposed = false;
  readonly #beginning: Beginning;
  readonly #sampler: Sampler;
  #trainer: Trainer;
  #rate: number;
  #cursor: number;
  #text: string | undefined;
  #data: Dataset | undefined;
  #evaluator: Evaluator | undefined;

  constructor(beginning: Beginning, trainer: Trainer, sampler: Sampler) {
    this.#beginning = beginning;
    this.#trainer = trainer;
    this.#sampler = sampler;
    this.#rate = beginning.rate;
    this.#cursor = beginning.cursor;
  }

  get shape(): Shape {
    return this.#beginning.shape;
  }

  get vocabulary(): Vocabulary {
    return this.#beginning.vocabulary;
  }

  get model(): Model {
    return this.#beginning.model;
  }

  get steps(): number {
    return this.#trainer.steps;
  }

  /** Nats a character that knowing how often each character occurs would cost; NaN before a text was read. */
  get frequencyLoss(): number {
    return this.#data?.frequencyLoss ?? Number.NaN;
  }

  /**
   * Learns from this text from now on; does nothing when it does so already.
   * @throws WebgpuRnnError when it has characters that the model does not know, or does not fill a batch
   */
  async read(text: string): Promise<void> {
    if (text === this.#text) return;
    const from = this.#text === undefined ? this.#cursor : 0;
    const data = this.#prepare(text);
    this.#evaluator?.dispose();
    const options = { ...data.heldOutShape, from: this.#trainer };
    this.#evaluator = await createEvaluator(this.#beginning.gpu, this.model, options);
    this.#data = data;
    this.#text = text;
    this.#cursor = from;
  }

  #prepare(text: string): Dataset {
    try {
      return readDataset(this.vocabulary.encode(text), this.shape);
    } catch (cause) {
      const reason = (cause as Error).message;
      throw new WebgpuRnnError(`This model cannot learn from this text; restart for a new one. (${reason})`, { cause });
    }
  }

  /** False where it learns from another text. */
  reads(text: string): boolean {
    return this.#text === undefined || this.#text === text;
  }

  /** Learns until the signal is given, for as long as events are asked for. */
  async *train(signal: AbortSignal): AsyncGenerator<FitEvent, void, undefined> {
    const from = this.#cursor;
    const batches = (this.#data as Dataset).from(from);
    const training = fit(this.#trainer, batches, { epochs: Number.POSITIVE_INFINITY, onNotFinite: "skip", signal });
    for await (const event of training) {
      this.#cursor = from + training.state.batches;
      yield event;
    }
  }

  heldOutLoss(): Promise<number> {
    return (this.#evaluator as Evaluator).loss((this.#data as Dataset).heldOut);
  }

  /**
   * Writes on from a prompt; gives ids as they come. Weights that are learned meanwhile are used at once.
   * @throws WebgpuRnnError when the prompt has characters that the model does not know
   */
  write(prompt: string, length: number, temperature: number): AsyncGenerator<number, void, undefined> {
    return this.#sampler.generate({ prompt: this.vocabulary.encode(prompt), length, temperature });
  }

  /** To be called between steps: the weights, moments and counts go on as they are under another learning rate. */
  async setRate(rate: number): Promise<void> {
    const before = this.#trainer;
    const resume = await before.state();
    const options = { ...trainerOptions(this.shape, rate), from: before, resume };
    this.#trainer = await createTrainer(this.#beginning.gpu, this.model, options);
    this.#rate = rate;
    before.dispose();
  }

  /** To be called between steps. @returns a file from which this page goes on and the command line writes */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    const options = { ...this.shape, cursor: this.#cursor, learningRate: this.#rate };
    const [weights, state] = [await this.#trainer.weights(), await this.#trainer.state()];
    return writeCheckpoint({ model: this.model, weights, vocabulary: this.vocabulary, training: { state, options } });
  }

  dispose(): void {
    this.disposed = true;
    this.#evaluator?.dispose();
    this.#sampler.dispose();
    this.#trainer.dispose();
  }
}
