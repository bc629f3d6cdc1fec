import type { DeviceBatch } from "../batch/batch.ts";
import { givesOneStep } from "../batch/device-batch.ts";
import { STEP } from "../control.ts";
import type { Elements, Memory } from "../gpu/memory.ts";
import type { Commands } from "../gpu/queue.ts";
import type { Loss } from "../losses/loss.ts";
import type { Model } from "../nn/sequential.ts";
import { bytesOf, sizeOf, type Tensor, tensor } from "../tensor.ts";
import { batchTensors } from "./loss-plan.ts";
import type { RecomputationTensors } from "./recomputation-plan.ts";
import type { LargestBatch, Shaped, Shapes } from "./shapes.ts";
import type { TrainingPlan } from "./training-plan.ts";
import { forget } from "./workspace.ts";

/** What lies on the device beside the plan of one stretch. */
export type HeldTensors = ReturnType<typeof heldTensors>;

/**
 * The tensors of a whole batch, and the states between its stretches.
 * @param recorded the step of one stretch of the largest batch
 */
export function heldTensors(model: Model, loss: Loss, largest: LargestBatch, recorded: TrainingPlan) {
  const { states, dstates, recomputed } = recorded;
  const count = sizeOf((recomputed as RecomputationTensors).parts.shape);
  const all = batchTensors(model, loss, { ...largest, masked: true, weighted: true });
  const { weights } = all;
  const named = [...states.values()];
  return {
    ...all,
    // Where the model gives one step, only the last stretch leads to the loss: the others have weights of their own, 0.
    weights: givesOneStep(model) ? tensor("weights", [count, largest.batch]) : (weights as Tensor),
    mask: all.mask as Tensor,
    draws: tensor("draws", [count, 4], { type: "u32" }),
    /** Before each stretch, and after the last. */
    between: Array.from({ length: count + 1 }, () => named.map(({ name, shape }) => tensor(`${name} kept`, shape))),
    /** On the way from one stretch to the one before it. */
    handed: dstates.map(({ name, shape }) => tensor(`${name} handed`, shape)),
  };
}

const allOf = ({ inputs, targets, mask, weights, draws, between, handed }: HeldTensors): Tensor[] => [
  ...[inputs, targets, mask, weights, draws],
  ...between.flat(),
  ...handed,
];

export const heldBytes = (held: HeldTensors): number =>
  allOf(held).reduce((total, { storage }) => total + bytesOf(storage), 0);

/** One stretch of a batch. */
interface Stretch {
  readonly shaped: Shaped<TrainingPlan>;
  /** Its first step within the batch. */
  readonly begin: number;
}

/**
 * Plays a step in stretches of time, of which one at a time is on the device: states are kept where each begins, and each
 * but the last is computed forward once more when the way back comes to it (Chen et al. 2016; Gruslys et al. 2016). Memory
 * grows with the stretch and not with the batch's time; the result is that of the whole but for rounding, and for dropout,
 * whose draws are others.
 */
export class Recomputation {
  readonly #memory: Memory;
  readonly #shapes: Shapes<TrainingPlan>;
  readonly #stretch: number;
  readonly #held: HeldTensors;

  /** @throws WebgpuRnnError when the device has not enough memory */
  static async create(
    memory: Memory,
    shapes: Shapes<TrainingPlan>,
    stretch: number,
    held: HeldTensors,
  ): Promise<Recomputation> {
    await memory.reserve(
      "createTrainer",
      allOf(held).map(({ storage }) => storage),
    );
    return new Recomputation(memory, shapes, stretch, held);
  }

  private constructor(memory: Memory, shapes: Shapes<TrainingPlan>, stretch: number, held: HeldTensors) {
    this.#memory = memory;
    this.#shapes = shapes;
    this.#stretch = stretch;
    this.#held = held;
  }

  /**
   * Carries a batch to the device.
   * @param steps submitted so far, which say what is drawn
   * @returns what records its step
   */
  write(batch: DeviceBatch, start: boolean, steps: number): (encoder: Commands) => void {
    const stretches = this.#stretchesOf(batch, start);
    const { inputs, targets, mask, weights, draws } = this.#held;
    const count = draws.shape[0] as number;
    const drawn = Uint32Array.from({ length: 4 * count }, (_, i) => (i % 4 === STEP ? steps * count + (i >> 2) : 0));
    this.#memory.write(inputs, batch.inputs);
    this.#memory.write(targets, batch.targets);
    if (batch.mask) this.#memory.write(mask, batch.mask);
    this.#memory.write(weights, this.#weightsOf(batch, stretches.length));
    this.#memory.write(draws, drawn);
    return (encoder) => this.#encode(encoder, stretches, start);
  }

  #stretchesOf({ batch, time, masked }: DeviceBatch, start: boolean): Stretch[] {
    return Array.from({ length: Math.ceil(time / this.#stretch) }, (_, i) => {
      const begin = i * this.#stretch;
      const shape = { batch, time: Math.min(this.#stretch, time - begin), masked, weighted: true };
      return { begin, shaped: this.#shapes.get(shape, start) };
    });
  }

  #weightsOf(batch: DeviceBatch, stretches: number): Elements {
    const rows = this.#oneStep ? batch.batch : batch.batch * batch.time;
    const weights = batch.weights ?? new Float32Array(rows).fill(1 / batch.weight);
    if (!this.#oneStep) return weights;
    const all = new Float32Array(stretches * rows);
    all.set(weights, (stretches - 1) * rows);
    return all;
  }

  get #oneStep(): boolean {
    return this.#held.targets.shape[0] === 1;
  }

  #encode(encoder: Commands, stretches: readonly Stretch[], start: boolean): void {
    const { between, handed } = this.#held;
    const last = stretches.at(-1) as Stretch;
    const { program, recorded } = last.shaped;
    const { parts } = recorded.recomputed as RecomputationTensors;
    if (start) forget(encoder, last.shaped);
    program.clear(encoder, recorded.gradients);
    program.clear(encoder, parts);
    stretches.forEach((stretch, i) => {
      this.#copyStates(encoder, stretch, between[i] as Tensor[], "keep");
      this.#forward(encoder, stretch, i);
    });
    this.#copyStates(encoder, last, between[stretches.length] as Tensor[], "keep");
    for (const [i, stretch] of [...stretches.entries()].reverse()) {
      const { program, recorded } = stretch.shaped;
      const isLast = stretch === last;
      if (!isLast) {
        this.#copyStates(encoder, stretch, between[i] as Tensor[], "restore");
        this.#forward(encoder, stretch, i);
      }
      recorded.dstates.forEach((dstate, j) => {
        if (!isLast) copy(encoder, this.#buffer(handed[j]), program.bufferOf(dstate), sizeOf(dstate.shape));
      });
      program.encodePhase(encoder, "backward");
      recorded.dstates.forEach((dstate, j) => {
        copy(encoder, program.bufferOf(dstate), this.#buffer(handed[j]), sizeOf(dstate.shape));
      });
    }
    this.#copyStates(encoder, last, between[stretches.length] as Tensor[], "restore");
    program.encodePhase(encoder, "update");
  }

  /** Plays one stretch forward, and keeps its part of the loss. */
  #forward(encoder: Commands, { shaped, begin }: Stretch, i: number): void {
    const { program, recorded } = shaped;
    const { drawn, part, parts } = recorded.recomputed as RecomputationTensors;
    const { inputs, targets, mask, weights, draws } = this.#held;
    const batch = recorded.inputs.shape[1] as number;
    const take = (from: Tensor, to: Tensor | undefined, first: number): void => {
      if (to) copy(encoder, this.#buffer(from), program.bufferOf(to), sizeOf(to.shape), first);
    };
    const row = begin * batch;
    take(inputs, recorded.inputs, row * sizeOf(inputs.shape.slice(2)));
    take(mask, recorded.mask, row);
    take(targets, recorded.targets, this.#oneStep ? 0 : row * sizeOf(targets.shape.slice(2)));
    take(weights, recorded.weights, this.#oneStep ? i * batch : row);
    take(draws, drawn, 4 * i);
    program.encodePhase(encoder, "forward");
    copy(encoder, program.bufferOf(part), program.bufferOf(parts), 1, 0, i);
  }

  #copyStates(encoder: Commands, { shaped }: Stretch, kept: readonly Tensor[], way: "keep" | "restore"): void {
    [...shaped.recorded.states.values()].forEach((state, j) => {
      const [own, other] = [shaped.program.bufferOf(state), this.#buffer(kept[j])];
      const length = sizeOf(state.shape);
      if (way === "keep") copy(encoder, own, other, length);
      else copy(encoder, other, own, length);
    });
  }

  #buffer(tensor: Tensor | undefined): GPUBuffer {
    return this.#memory.buffer((tensor as Tensor).storage);
  }
}

/** Copies elements of four bytes. */
function copy(encoder: Commands, from: GPUBuffer, to: GPUBuffer, length: number, first = 0, destination = 0): void {
  encoder.copyBufferToBuffer(from, 4 * first, to, 4 * destination, 4 * length);
}
