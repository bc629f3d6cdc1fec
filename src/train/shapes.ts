import type { BatchShape } from "../batch/batch.ts";
import { refuse } from "../errors.ts";
import type { Memory } from "../gpu/memory.ts";
import type { Loss } from "../losses/loss.ts";
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

  #make({ batch, time, masked, weighted }: BatchShape): Shaped<Plans> {
    const shape = { batch, time, masked, weighted };
    const recorded = this.#record(shape, this.#largest.recorded);
    const program = Program.createNow(this.#memory, recorded.plan);
    const older = recorded.window && Program.createNow(this.#memory, recorded.window.plan);
    for (const [tensor, data] of recorded.constants) program.write(tensor, data);
    return { shape, recorded, program, older };
  }
}

function dispose({ program, older }: Pick<Shaped<LossPlan>, "program" | "older">): void {
  program.dispose();
  older?.dispose();
}

const keyOf = ({ batch, time, masked, weighted }: BatchShape): string => [batch, time, masked, weighted].join();

/** The shape of the largest batch without lengths or mask. */
export const largestShape = (
  largest: { readonly batch: number; readonly time: number },
  { ignoreIndex, classWeights }: Loss,
): BatchShape => ({
  ...largest,
  masked: false,
  weighted: ignoreIndex !== undefined || classWeights !== undefined,
});
