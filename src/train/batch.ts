import { refuse } from "../errors.ts";
import type { Memory } from "../gpu/memory.ts";
import type { Model } from "../nn/sequential.ts";
import type { Tensor } from "../tensor.ts";

/** B sequences of T ids, row-major [B, T]; an array of rows does as well. */
export type Ids = ArrayLike<number> | readonly ArrayLike<number>[];

export interface Batch {
  /** [B, T] what the model reads. */
  inputs: Ids;
  /** [B, T] what its outputs are to predict. */
  targets: Ids;
  /** False where the rows go on from the batch before, whose final states are then carried over. Default true. */
  start?: boolean;
}

/** The tensors of a plan that hold a batch, and the shape announced for it. */
export interface BatchTensors {
  readonly inputs: Tensor; // u32 [T, B]
  readonly targets: Tensor; // u32 [T, B]
}

/** Carries batches of ids to the device, in the GPU's time-major order. */
export class BatchWriter {
  readonly #memory: Memory;
  readonly #tensors: BatchTensors;
  readonly #inputs: IdTransposer;
  readonly #targets: IdTransposer;

  constructor(memory: Memory, tensors: BatchTensors, model: Model) {
    const [time, batch] = tensors.inputs.shape as [number, number];
    this.#memory = memory;
    this.#tensors = tensors;
    this.#inputs = new IdTransposer("inputs", batch, time, vocabularyOf(model));
    this.#targets = new IdTransposer("targets", batch, time, model.layers.at(-1)?.output ?? 0);
  }

  /** @throws WebgpuRnnError when a count or an id is wrong; nothing has been written then */
  write({ inputs, targets }: Batch): void {
    const [ids, next] = [this.#inputs.transpose(inputs), this.#targets.transpose(targets)];
    this.#memory.write(this.#tensors.inputs, ids);
    this.#memory.write(this.#tensors.targets, next);
  }
}

/** How many ids the model knows. */
export function vocabularyOf({ layers }: Model): number {
  const [first] = layers;
  if (first?.input === "ids") return first.config.vocabulary as number;
  throw refuse({
    what: "model",
    expected: "a first layer that takes ids, such as embedding",
    got: String(first?.kind),
  });
}

/** Turns [B, T] ids into [T, B], into the same array every time. */
class IdTransposer {
  readonly #what: string;
  readonly #batch: number;
  readonly #time: number;
  readonly #below: number;
  readonly #transposed: Uint32Array;

  /** @param below every id lies in [0, below) */
  constructor(what: string, batch: number, time: number, below: number) {
    this.#what = what;
    this.#batch = batch;
    this.#time = time;
    this.#below = below;
    this.#transposed = new Uint32Array(batch * time);
  }

  transpose(ids: Ids): Uint32Array {
    const rows = this.#flatten(ids);
    checkIds(this.#what, rows, this.#below);
    for (let b = 0; b < this.#batch; b++) {
      for (let t = 0; t < this.#time; t++) this.#transposed[t * this.#batch + b] = rows[b * this.#time + t] as number;
    }
    return this.#transposed;
  }

  /** All rows as one, in the announced shape or refused. */
  #flatten(ids: Ids): ArrayLike<number> {
    const given: unknown[] = Array.from<unknown>(ids ?? []);
    const rows = given.filter((row): row is ArrayLike<number> => typeof row === "object" && row !== null);
    const flat = rows.length > 0 ? rows.flatMap((row) => Array.from(row)) : (given as number[]);
    const ragged = rows.some((row) => row.length !== this.#time) || (rows.length > 0 && rows.length !== this.#batch);
    if (flat.length === this.#batch * this.#time && !ragged) return flat;
    const expected = `${this.#batch * this.#time} ids (batch ${this.#batch} × time ${this.#time})`;
    const got = rows.length > 0 ? `rows of ${rows.map((row) => row.length).join(", ")}` : String(flat.length);
    throw refuse({ what: this.#what, expected, got });
  }
}

/** Refuses ids outside [0, below). */
export function checkIds(what: string, ids: ArrayLike<number>, below: number): void {
  const wrong = Array.prototype.findIndex.call(ids, (id) => !(Number.isInteger(id) && id >= 0 && id < below));
  if (wrong < 0) return;
  throw refuse({ what, expected: `ids from 0 to ${below - 1}`, got: `${ids[wrong]} at place ${wrong}` });
}
