import type { DeviceBatch } from "../batch/batch.ts";
import type { Elements, Memory } from "../gpu/memory.ts";
import type { Commands } from "../gpu/queue.ts";
import type { Loss } from "../losses/loss.ts";
import type { Model } from "../nn/sequential.ts";
import type { Tensor } from "../tensor.ts";
import type { RecomputationNeeds } from "./needs.ts";
import type { RecomputationTensors } from "./recomputation-plan.ts";
import type { LargestBatch, Shaped, Shapes } from "./shapes.ts";
import type { TrainingPlan } from "./training-plan.ts";

/** What lies on the device beside the plan of one stretch. */
type HeldTensors = ReturnType<typeof heldTensors>;

/**
 * The tensors of a whole batch, and the states between its stretches.
 * @param recorded the step of one stretch of the largest batch
 */
export function heldTensors(
  model: Model,
  loss: Loss,
  largest: LargestBatch,
  recorded: TrainingPlan,
  { batchTensors, givesOneStep, sizeOf, tensor }: RecomputationNeeds,
) {
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

export const heldBytes = (held: HeldTensors, { bytesOf }: RecomputationNeeds): number =>
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
export interface Recomputation {
  /**
   * Carries a batch to the device.
   * @param steps submitted so far, which say what is drawn
   * @returns what records its step
   */
  write(batch: DeviceBatch, start: boolean, steps: number): (encoder: Commands) => void;
}

/** @throws WebgpuRnnError when the device has not enough memory */
export async function createRecomputation(
  memory: Memory,
  shapes: Shapes<TrainingPlan>,
  longest: number,
  held: HeldTensors,
  { forget, sizeOf, STEP }: RecomputationNeeds,
): Promise<Recomputation> {
  const { inputs, targets, mask, weights, draws, between, handed } = held;
  const most = draws.shape[0] as number;
  const oneStep = targets.shape[0] === 1;
  const bufferOf = (tensor: Tensor | undefined): GPUBuffer => memory.buffer((tensor as Tensor).storage);

  const stretchesOf = ({ batch, time, masked }: DeviceBatch, start: boolean): Stretch[] =>
    Array.from({ length: Math.ceil(time / longest) }, (_, i) => {
      const begin = i * longest;
      const shape = { batch, time: Math.min(longest, time - begin), masked, weighted: true };
      return { begin, shaped: shapes.get(shape, start) };
    });

  const weightsOf = (batch: DeviceBatch, stretches: number): Elements => {
    const rows = oneStep ? batch.batch : batch.batch * batch.time;
    const given = batch.weights ?? new Float32Array(rows).fill(1 / batch.weight);
    if (!oneStep) return given;
    const all = new Float32Array(stretches * rows);
    all.set(given, (stretches - 1) * rows);
    return all;
  };

  const copyStates = (encoder: Commands, { shaped }: Stretch, kept: readonly Tensor[], way: "keep" | "restore") => {
    [...shaped.recorded.states.values()].forEach((state, j) => {
      const [own, other] = [shaped.program.bufferOf(state), bufferOf(kept[j])];
      const length = sizeOf(state.shape);
      if (way === "keep") copy(encoder, own, other, length);
      else copy(encoder, other, own, length);
    });
  };

  /** Plays one stretch forward, and keeps its part of the loss. */
  const forward = (encoder: Commands, { shaped, begin }: Stretch, i: number): void => {
    const { program, recorded } = shaped;
    const { drawn, part, parts } = recorded.recomputed as RecomputationTensors;
    const batch = recorded.inputs.shape[1] as number;
    const take = (from: Tensor, to: Tensor | undefined, first: number): void => {
      if (to) copy(encoder, bufferOf(from), program.bufferOf(to), sizeOf(to.shape), first);
    };
    const row = begin * batch;
    take(inputs, recorded.inputs, row * sizeOf(inputs.shape.slice(2)));
    take(mask, recorded.mask, row);
    take(targets, recorded.targets, oneStep ? 0 : row * sizeOf(targets.shape.slice(2)));
    take(weights, recorded.weights, oneStep ? i * batch : row);
    take(draws, drawn, 4 * i);
    program.encodePhase(encoder, "forward");
    copy(encoder, program.bufferOf(part), program.bufferOf(parts), 1, 0, i);
  };

  const encode = (encoder: Commands, stretches: readonly Stretch[], start: boolean): void => {
    const last = stretches.at(-1) as Stretch;
    const { program, recorded } = last.shaped;
    const { parts } = recorded.recomputed as RecomputationTensors;
    if (start) forget(encoder, last.shaped);
    program.clear(encoder, recorded.gradients);
    program.clear(encoder, parts);
    stretches.forEach((stretch, i) => {
      copyStates(encoder, stretch, between[i] as Tensor[], "keep");
      forward(encoder, stretch, i);
    });
    copyStates(encoder, last, between[stretches.length] as Tensor[], "keep");
    for (const [i, stretch] of [...stretches.entries()].reverse()) {
      const { program, recorded } = stretch.shaped;
      const isLast = stretch === last;
      if (!isLast) {
        copyStates(encoder, stretch, between[i] as Tensor[], "restore");
        forward(encoder, stretch, i);
      }
      recorded.dstates.forEach((dstate, j) => {
        if (!isLast) copy(encoder, bufferOf(handed[j]), program.bufferOf(dstate), sizeOf(dstate.shape));
      });
      program.encodePhase(encoder, "backward");
      recorded.dstates.forEach((dstate, j) => {
        copy(encoder, program.bufferOf(dstate), bufferOf(handed[j]), sizeOf(dstate.shape));
      });
    }
    copyStates(encoder, last, between[stretches.length] as Tensor[], "restore");
    program.encodePhase(encoder, "update");
  };

  const storages = allOf(held).map(({ storage }) => storage);
  await memory.reserve("createTrainer", storages);

  return {
    write(batch, start, steps) {
      const stretches = stretchesOf(batch, start);
      const drawn = Uint32Array.from({ length: 4 * most }, (_, i) => (i % 4 === STEP ? steps * most + (i >> 2) : 0));
      memory.write(inputs, batch.inputs);
      memory.write(targets, batch.targets);
      if (batch.mask) memory.write(mask, batch.mask);
      memory.write(weights, weightsOf(batch, stretches.length));
      memory.write(draws, drawn);
      return (encoder) => encode(encoder, stretches, start);
    },
  };
}

/** Copies elements of four bytes. */
function copy(encoder: Commands, from: GPUBuffer, to: GPUBuffer, length: number, first = 0, destination = 0): void {
  encoder.copyBufferToBuffer(from, 4 * first, to, 4 * destination, 4 * length);
}
