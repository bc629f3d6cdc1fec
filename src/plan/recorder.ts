import { alignUp, type ElementType, type Storage, sizeOf, type Tensor, tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { expectedOf } from "./expected.ts";
import { Plan } from "./plan.ts";
import type { Step } from "./step.ts";
import { inPlace, type Slabs, type Way } from "./way.ts";

/** A gradient to be written, and whether an earlier step of the plan has written a part of it already. */
export interface GradientTarget {
  readonly tensor: Tensor;
  readonly accumulate: boolean;
}

/** A gradient that is in parts, and where their sum belongs. */
export interface PartialSum {
  /** Its storage grows with what is put behind. */
  readonly parts: Tensor & { readonly shape: readonly [parts: number, elements: number]; storage: { length: number } };
  readonly gradient: Tensor;
}

/** What random operations draw from: a key, and the device's count of the steps played. */
export interface RandomSource {
  readonly seed: number;
  readonly counters: Tensor;
}

export interface RecorderOptions {
  /** What the device grants to a workgroup. */
  readonly target: Target;
  /** Given for training only. */
  readonly slabs?: Slabs;
  readonly random?: RandomSource;
  /** How often a submit plays what is no preparation. Default 1. */
  readonly repeats?: number;
  /** Whether what forward steps make outlives the plan, so that it can be saved and put back. Default false. */
  readonly lasting?: boolean;
}

/**
 * Collects the steps of a plan; the only mutable thing in it.
 *
 * An operation records its forward steps and hands over a closure that records its backward steps;
 * {@link backward} calls the closures in reverse. A recorder without slabs records inference: closures are dropped.
 */
export class Recorder {
  readonly target: Target;
  /** Absent where nothing random happens, as in inference. */
  readonly random: RandomSource | undefined;
  /** How often a submit plays what is no preparation. */
  readonly repeats: number;
  readonly #preparation: Step[] = [];
  readonly #kept = new Set<Storage>();
  readonly #tape: (() => void)[] = [];
  readonly #partialSums: PartialSum[] = [];
  readonly #lasts: boolean;
  readonly #lasting = new Set<Storage>();
  readonly #deferred = new Map<Storage, { readonly path: string[]; readonly record: () => void }>();
  readonly #zeroed = new Map<
    Tensor,
    { readonly path: readonly string[]; readonly name: string; readonly length: number }
  >();
  #way: Way;
  #path: string[] = [];
  #preparing = false;
  #streams = 0;

  constructor({ target, slabs, random, repeats = 1, lasting = false }: RecorderOptions) {
    this.target = target;
    this.random = random;
    this.repeats = repeats;
    this.#way = { prefix: [], steps: [], zeros: [], gradients: new Map(), slabs };
    this.#lasts = lasting;
  }

  /** Whether backward steps are wanted, so that what they need must be saved. */
  get training(): boolean {
    return this.#way.slabs !== undefined;
  }

  /** Whether what forward steps make is put back after an update has changed the parameters. */
  get outlivesUpdates(): boolean {
    return this.#lasts;
  }

  /** A number for each random operation, so that no two draw the same bits. */
  nextStream(): number {
    this.#streams += 1;
    return this.#streams;
  }

  /** Runs `record` with `name` put before the labels and tensor names that it makes. */
  scope<Result>(name: string, record: () => Result): Result {
    return this.#at([...this.#path, name], record);
  }

  /** Records what depends on the parameters alone: played once, however often the rest of the plan is repeated. */
  prepare<Result>(record: () => Result): Result {
    this.#preparing = true;
    try {
      return record();
    } finally {
      this.#preparing = false;
    }
  }

  /** A tensor that lives from its first to its last step; what preparation makes lives on. */
  scratch(name: string, shape: readonly number[], type: ElementType = "f32"): Tensor {
    const lasting = this.#lasts && this.#way.forward === undefined;
    const made = tensor(this.#label(name), shape, { type, scratch: !this.#preparing && !lasting });
    if (lasting && !this.#preparing) this.#lasting.add(made.storage);
    return made;
  }

  /** A tensor without a gradient: what it is made of has none. */
  data(name: string, shape: readonly number[]): Tensor {
    return tensor(this.#label(name), shape);
  }

  /** A tensor that is zero whenever the plan begins. */
  zeros(name: string, shape: readonly number[]): Tensor {
    const cleared = tensor(this.#label(name), shape);
    this.#way.zeros.push(cleared.storage);
    return cleared;
  }

  /** Lets a tensor be read when the plan has played: no later step takes its buffer over. */
  keep(of: Tensor): Tensor {
    this.#make(of.storage);
    this.#kept.add(of.storage);
    return of;
  }

  /** Puts off the operation that makes a tensor until a step binds it; where none does, it is never recorded. */
  defer(of: Tensor, record: () => void): void {
    this.#deferred.set(of.storage, { path: this.#path, record });
  }

  dispatch(step: Omit<Step, "multiplyAdds"> & { multiplyAdds?: number }): void {
    for (const { storage } of Object.values(step.bindings)) this.#make(storage);
    const steps = this.#preparing ? this.#preparation : this.#way.steps;
    const whole = { multiplyAdds: 0, ...step, label: this.#label(step.label) };
    steps.push({ milliseconds: expectedOf(whole, this.target), ...whole });
  }

  /** How many workgroups the latest step has that is no preparation: what SwiftShader's threads do when the next begins. */
  get latestWorkgroups(): number {
    return this.#way.steps.at(-1)?.workgroups.reduce((a, b) => a * b) ?? 0;
  }

  /** Hands over what undoes the operation just recorded; its labels get the path of the operation. */
  onBackward(record: () => void): void {
    const path = this.#path;
    if (!this.training) return;
    this.#tape.push(() => this.#at(path, record));
  }

  /** False for data: what the host writes before a run has no gradient, unless {@link setGradient} gave it one. */
  wantsGradient(of: Tensor): boolean {
    const { storage } = of;
    const made = storage.scratch || this.#lasting.has(storage);
    return made || storage === this.#way.slabs?.parameters || this.#way.gradients.has(of);
  }

  /**
   * Says of a tensor that its gradient is zero whenever a way back begins: what lies behind the operation that reads it,
   * such as the host, may add to it before.
   * @param name of the gradient
   * @param length of its storage, at least that of the tensor
   */
  zeroGradient(of: Tensor, name: string, length: number): void {
    this.#zeroed.set(of, { path: this.#path, name, length });
  }

  /** Says where the gradient of a tensor lies that the host, or a step outside the tape, fills or reads. */
  setGradient(of: Tensor, gradient: Tensor): void {
    this.#way.gradients.set(of, gradient);
  }

  hasGradient(of: Tensor): boolean {
    return this.#way.gradients.has(of);
  }

  /** The gradient of the loss with respect to a tensor, which an earlier backward step has written. */
  gradient(of: Tensor): Tensor {
    const gradient = this.#way.gradients.get(of) ?? this.#zerosFor(of);
    if (!gradient) throw new Error(`internal: no step has written the gradient of ${of.name}`);
    return gradient;
  }

  /** Where to write the gradient of a tensor: the first writer sets it, later ones add to it. */
  gradientTarget(of: Tensor): GradientTarget {
    const written = this.#way.gradients.get(of);
    if (written) return { tensor: written, accumulate: true };
    const gradient = this.#newGradient(of);
    this.#way.gradients.set(of, gradient);
    return { tensor: gradient, accumulate: false };
  }

  /**
   * Scratch for parts of a gradient; all until {@link takePartialSums} share a storage.
   * @returns [count, elements of the gradient]
   */
  partialSums(gradient: Tensor, count: number): Tensor {
    const sums = this.#partialSums;
    const storage = sums[0]?.parts.storage ?? { name: "partial_sums", length: 0, scratch: true };
    const shape = [count, sizeOf(gradient.shape)] as const;
    const parts = { name: storage.name, type: gradient.type, shape, storage, offset: storage.length };
    storage.length += alignUp(sizeOf(shape));
    sums.push({ parts, gradient });
    return parts;
  }

  /** Hands over the gradients that are in parts, to be added up. */
  takePartialSums(): PartialSum[] {
    return this.#partialSums.splice(0);
  }

  /** How many operations have a way back by now. */
  get operations(): number {
    return this.#tape.length;
  }

  /** @param operations how many of the first go back. Default all */
  backward(operations = this.#tape.length): void {
    this.#way.forward = this.#way.steps.length;
    for (const record of this.#tape.slice(0, operations).reverse()) record();
    this.#way.back = this.#way.steps.length;
  }

  /**
   * Records another way back of the same operations, whose forward tensors lie where this recorder's plan has them: no
   * gradient is there at first, and those of parameters go to a slab of their own.
   * @param name put before all labels and names of new tensors
   * @param beside the first is the plan of this recorder
   * @returns a plan with nothing before its way back but the preparation
   */
  again(name: string, gradients: Storage, beside: readonly [Plan, ...Plan[]], record: () => void): Plan {
    const { placement } = beside[0];
    const outer = this.#way;
    const slabs = { parameters: outer.slabs?.parameters as Storage, gradients };
    const way: Way = { prefix: [name], steps: [], zeros: [], gradients: new Map(), slabs, forward: 0 };
    this.#way = way;
    record();
    this.#way = outer;
    const placed = [...this.#preparation, ...way.steps].map((step) => inPlace(step, placement));
    const count = this.#preparation.length;
    const preparation = placed.slice(0, count);
    const { budget } = this.target;
    return new Plan(name, placed.slice(count), { preparation, forward: 0, zeros: way.zeros, beside, budget });
  }

  /** @param beside a plan whose buffers this one may use, because they never play at the same time */
  finish(name: string, beside?: Plan): Plan {
    const { steps, zeros, forward = steps.length, back = steps.length } = this.#way;
    const [preparation, kept] = [this.#preparation, this.#kept];
    const { budget } = this.target;
    return new Plan(name, steps, { preparation, forward, back, zeros, kept, beside: beside ? [beside] : [], budget });
  }

  #make(storage: Storage): void {
    const deferred = this.#deferred.get(storage);
    if (!deferred) return;
    this.#deferred.delete(storage);
    this.#at(deferred.path, deferred.record);
  }

  #at<Result>(path: string[], record: () => Result): Result {
    const outer = this.#path;
    this.#path = path;
    try {
      return record();
    } finally {
      this.#path = outer;
    }
  }

  #zerosFor(of: Tensor): Tensor | undefined {
    const zeroed = this.#zeroed.get(of);
    if (!zeroed) return undefined;
    const { path, name, length } = zeroed;
    const cleared = tensor([...this.#way.prefix, ...path, name].join("."), [length]);
    this.#way.zeros.push(cleared.storage);
    const gradient = { ...cleared, shape: of.shape };
    this.#way.gradients.set(of, gradient);
    return gradient;
  }

  #newGradient(of: Tensor): Tensor {
    const slabs = this.#way.slabs;
    if (of.storage === slabs?.parameters) return { ...of, name: `d ${of.name}`, storage: slabs.gradients };
    return tensor(`d ${of.name}`, of.shape, { scratch: true });
  }

  #label(name: string): string {
    return [...this.#way.prefix, ...this.#path, name].join(".");
  }
}
