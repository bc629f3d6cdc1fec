import type { BatchShape } from "../batch/batch.ts";
import { wholeNumbers } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Memory } from "../gpu/memory.ts";
import type { Loss } from "../losses/loss.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import type { Model } from "../nn/sequential.ts";
import type { Plan } from "../plan/plan.ts";
import { Program } from "../plan/program.ts";
import type { LossPlan } from "./loss-plan.ts";

/** Smaller shapes that are kept ready; one more takes the place of the one that has rested longest. */
const MOST = 16;

/** A plan for one shape of batch that has met the device. */
export interface Shaped<Plans extends LossPlan> {
  readonly recorded: Plans;
  readonly program: Program;
}

/**
 * Programs for batches up to the announced size: a smaller shape, or one whose rows do not all count, records its plan
 * at its first use, over the same memory.
 */
export class Shapes<Plans extends LossPlan> {
  readonly #memory: Memory;
  readonly #record: (shape: BatchShape, beside: Plan) => Plans;
  readonly #largest: Shaped<Plans>;
  readonly #largestKey: string;
  readonly #smaller = new Map<string, Shaped<Plans>>();
  #rows: number | undefined;

  constructor(
    memory: Memory,
    largest: Shaped<Plans>,
    shape: BatchShape,
    record: (shape: BatchShape, beside: Plan) => Plans,
  ) {
    this.#memory = memory;
    this.#record = record;
    this.#largest = largest;
    this.#largestKey = keyOf(shape);
  }

  /**
   * @param start whether the rows start anew
   * @throws WebgpuRnnError when rows that go on are not as many as those before them
   */
  get(shape: BatchShape, start: boolean): Shaped<Plans> {
    if (!start && this.#rows !== undefined && shape.batch !== this.#rows) {
      const expected = `${this.#rows} rows, as in the batch whose states are carried on`;
      throw refuse({ what: "batch", expected, got: String(shape.batch), cure: "set start, or keep the rows" });
    }
    const key = keyOf(shape);
    const shaped = key === this.#largestKey ? this.#largest : this.#smallerOf(key, shape);
    this.#rows = shape.batch;
    return shaped;
  }

  /** Frees the smaller shapes. */
  dispose(): void {
    for (const { program } of this.#smaller.values()) program.dispose();
  }

  #smallerOf(key: string, shape: BatchShape): Shaped<Plans> {
    const shaped = this.#smaller.get(key) ?? this.#make(shape);
    this.#smaller.delete(key);
    this.#smaller.set(key, shaped); // the latest comes last
    for (const [oldest, { program }] of [...this.#smaller].slice(0, -MOST)) {
      this.#smaller.delete(oldest);
      program.dispose();
    }
    return shaped;
  }

  #make(shape: BatchShape): Shaped<Plans> {
    const recorded = this.#record(shape, this.#largest.recorded.plan);
    const program = Program.createNow(this.#memory, recorded.plan);
    for (const [tensor, data] of recorded.constants) program.write(tensor, data);
    return { recorded, program };
  }
}

const keyOf = ({ batch, time, targetTime, masked, weighted }: BatchShape): string =>
  [batch, time, targetTime, masked, weighted].join();

/** The largest batch that a program takes. */
export interface LargestBatch {
  /** B, sequences. */
  batch: number;
  /** T, time steps. */
  time: number;
  /** T′, steps of the targets of an encoder–decoder model; of no other. */
  targetTime?: number | undefined;
}

/** @throws WebgpuRnnError when a size is out of range, or missing, or one too many for the model */
export function largestBatch(what: string, model: Model, { batch, time, targetTime }: LargestBatch): LargestBatch {
  wholeNumbers(what, { batch, time });
  if (!isEncoderDecoder(model)) {
    if (targetTime === undefined) return { batch, time };
    const expected = "none for a model of one sequence";
    throw refuse({ what: `${what}: targetTime`, expected, got: String(targetTime) });
  }
  wholeNumbers(what, { targetTime: targetTime as number });
  return { batch, time, targetTime: targetTime as number };
}

/** The shape of the largest batch without lengths or mask. */
export const largestShape = (largest: LargestBatch, { ignoreIndex, classWeights }: Loss): BatchShape => ({
  ...largest,
  masked: false,
  weighted: ignoreIndex !== undefined || classWeights !== undefined,
});
