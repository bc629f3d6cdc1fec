import type { Batch } from "../batch/batch.ts";
import { refuse } from "../errors.ts";
import { createEvaluator, type Evaluator } from "./evaluator.ts";
import type { Trainer } from "./trainer.ts";

/** Batches that a training is measured by again and again. */
export class Validation {
  readonly #evaluator: Evaluator;
  readonly #batches: Iterable<Batch>;

  private constructor(evaluator: Evaluator, batches: Iterable<Batch>) {
    this.#evaluator = evaluator;
    this.#batches = batches;
  }

  static async create(trainer: Trainer, batches: Iterable<Batch>): Promise<Validation> {
    const { batch, time, targetTime, loss } = trainer.settings;
    const options = { batch, time, targetTime, loss, from: trainer };
    return new Validation(await createEvaluator(trainer.parameters.memory.gpu, trainer.model, options), batches);
  }

  /**
   * @returns mean loss over all rows that count
   * @throws WebgpuRnnError when there is no batch, such as of an iterator that an epoch before has used up, or no row counts
   */
  async loss(): Promise<number> {
    const what = "fit: validation";
    let given = 0;
    function* counted(batches: Iterable<Batch>): Generator<Batch, void, undefined> {
      for (const batch of batches) {
        given += 1;
        yield batch;
      }
    }
    const { loss, weight } = await this.#evaluator.measure(counted(this.#batches));
    if (given === 0) {
      const cure = "give batches that can be gone through again and again";
      throw refuse({ what, expected: "at least one batch after each epoch", got: "none", cure });
    }
    if (weight > 0) return loss;
    const cure = "look at its lengths, masks and ignored targets";
    throw refuse({ what, expected: "at least one row that counts", got: `none in ${given} batches`, cure });
  }

  dispose(): void {
    this.#evaluator.dispose();
  }
}
