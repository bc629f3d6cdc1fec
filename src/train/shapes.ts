import type { BatchShape } from "../batch/batch.ts";
import { wholeNumbers } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Memory } from "../gpu/memory.ts";
import type { Loss } from "../losses/loss.ts";
import { isEncoderDecoder } from "../nn/encoder-decoder.ts";
import type { Model } from "../nn/sequential.ts";
import { Program } from "../plan/program.ts";
import type { LossPlan } from "./loss-plan.ts";
import type { Recorded } from "./workspace.ts";

/** Smaller shapes that are kept ready at least; one more takes the place of the one that has rested longest. */
const MOST = 16;

/** A plan for one shape of batch that has met the device. */
export interface Shaped<Plans extends LossPlan & Recorded> {
  readonly shape: BatchShape;
  readonly recorded: Plans;
  readonly program: Program;
  /** Of the window's plan, where there is one. */
  readonly older: Program | undefined;
}

/**
 * Programs for batches up to the announced size: a smaller shape, or one whose rows do not all count, records its plan
 * at its first use, over the same memory.
 */
export class Shapes<Plans extends LossPlan & Recorded> {
  readonly #memory: Memory;
  readonly #record: (shape: BatchShape, beside: Plans) => Plans;
  readonly #most: number;
  readonly #largest: Shaped<Plans>;
  readonly #largestKey: string;
  readonly #smaller = new Map<string, Shaped<Plans>>();
  #rows: number | undefined;

  /** @param used how many of the latest shapes are still needed */
  constructor(
    memory: Memory,
    { recorded, program, older }: Omit<Shaped<Plans>, "shape">,
    shape: BatchShape,
    record: (shape: BatchShape, beside: Plans) => Plans,
    used = 1,
  ) {
    this.#memory = memory;
    this.#record = record;
    this.#most = Math.max(MOST, used);
    this.#largest = { shape, recorded, program, older };
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
    for (const shaped of this.#smaller.values()) dispose(shaped);
  }

  #smallerOf(key: string, shape: BatchShape): Shaped<Plans> {
    const shaped = this.#smaller.get(key) ?? this.#make(shape);
    this.#smaller.delete(key);
    this.#smaller.set(key, shaped); // the latest comes last
    for (const [oldest, rested] of [...this.#smaller].slice(0, -this.#most)) {
      this.#smaller.delete(oldest);
      dispose(rested);
    }
    return shaped;
  }

  #make({ batch, time, targetTime, masked, weighted }: BatchShape): Shaped<Plans> {
    const shape = { batch, time, targetTime, masked, weighted };
    const recorded = this.#record(shape, this.#largest.recorded);
    const program = Program.createNow(this.#memory, recorded.plan);
    const older = recorded.window && Program.createNow(this.#memory, recorded.window.plan);
    for (const [tensor, data] of recorded.constants) program.write(tensor, data);
    return { shape, recorded, program, older };
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

function dispose({ program, older }: Pick<Shaped<LossPlan>, "program" | "older">): void {
  program.dispose();
  older?.dispose();
}

/** The shape of the largest batch without lengths or mask. */
export const largestShape = (largest: LargestBatch, { ignoreIndex, classWeights }: Loss): BatchShape => ({
  ...largest,
  masked: false,
  weighted: ignoreIndex !== undefined || classWeights !== undefined,
});
