import { type Storage, type Tensor, tensor } from "../tensor.ts";
import type { Target } from "../variant.ts";
import { Plan } from "./plan.ts";
import type { Step } from "./step.ts";

/** A gradient to be written, and whether an earlier step of the plan has written a part of it already. */
export interface GradientTarget {
  readonly tensor: Tensor;
  readonly accumulate: boolean;
}

/** Where the gradients of the parameters lie: a twin of their slab, with the same offsets. */
export interface Slabs {
  readonly parameters: Storage;
  readonly gradients: Storage;
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
  readonly #preparation: Step[] = [];
  readonly #zeros: Storage[] = [];
  readonly #kept = new Set<Storage>();
  readonly #steps: Step[] = [];
  readonly #slabs: Slabs | undefined;
  readonly #tape: (() => void)[] = [];
  readonly #gradients = new Map<Tensor, Tensor>();
  #path: string[] = [];
  #preparing = false;
  #streams = 0;
  #forward: number | undefined;

  constructor({ target, slabs, random }: RecorderOptions) {
    this.target = target;
    this.random = random;
    this.#slabs = slabs;
  }

  /** Whether backward steps are wanted, so that what they need must be saved. */
  get training(): boolean {
    return this.#slabs !== undefined;
  }

  /** A number for each random operation, so that no two draw the same bits. */
  nextStream(): number {
    this.#streams += 1;
    return this.#streams;
  }

  /** Runs `record` with `name` put before the labels and tensor names that it makes. */
  scope<Result>(name: string, record: () => Result): Result {
    const outer = this.#path;
    this.#path = [...outer, name];
    try {
      return record();
    } finally {
      this.#path = outer;
    }
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
  scratch(name: string, shape: readonly number[]): Tensor {
    return tensor(this.#label(name), shape, { scratch: !this.#preparing });
  }

  /** A tensor without a gradient: what it is made of has none. */
  data(name: string, shape: readonly number[]): Tensor {
    return tensor(this.#label(name), shape);
  }

  /** A tensor that is zero whenever the plan begins. */
  zeros(name: string, shape: readonly number[]): Tensor {
    const cleared = tensor(this.#label(name), shape);
    this.#zeros.push(cleared.storage);
    return cleared;
  }

  /** Lets a tensor be read when the plan has played: no later step takes its buffer over. */
  keep(of: Tensor): Tensor {
    this.#kept.add(of.storage);
    return of;
  }

  dispatch(step: Omit<Step, "multiplyAdds"> & { multiplyAdds?: number }): void {
    const steps = this.#preparing ? this.#preparation : this.#steps;
    steps.push({ multiplyAdds: 0, ...step, label: this.#label(step.label) });
  }

  /** Hands over what undoes the operation just recorded; its labels get the path of the operation. */
  onBackward(record: () => void): void {
    const path = this.#path;
    if (!this.training) return;
    this.#tape.push(() => {
      const outer = this.#path;
      this.#path = path;
      record();
      this.#path = outer;
    });
  }

  /** False for data: what the host writes before a run has no gradient, unless {@link setGradient} gave it one. */
  wantsGradient(of: Tensor): boolean {
    return of.storage.scratch || of.storage === this.#slabs?.parameters || this.#gradients.has(of);
  }

  /** Says where the gradient of a tensor lies that the host, or a step outside the tape, fills or reads. */
  setGradient(of: Tensor, gradient: Tensor): void {
    this.#gradients.set(of, gradient);
  }

  hasGradient(of: Tensor): boolean {
    return this.#gradients.has(of);
  }

  /** The gradient of the loss with respect to a tensor, which an earlier backward step has written. */
  gradient(of: Tensor): Tensor {
    const gradient = this.#gradients.get(of);
    if (!gradient) throw new Error(`internal: no step has written the gradient of ${of.name}`);
    return gradient;
  }

  /** Where to write the gradient of a tensor: the first writer sets it, later ones add to it. */
  gradientTarget(of: Tensor): GradientTarget {
    const written = this.#gradients.get(of);
    if (written) return { tensor: written, accumulate: true };
    const gradient = this.#newGradient(of);
    this.#gradients.set(of, gradient);
    return { tensor: gradient, accumulate: false };
  }

  backward(): void {
    this.#forward = this.#steps.length;
    for (const record of this.#tape.reverse()) record();
    this.#tape.length = 0;
  }

  /** @param beside a plan whose buffers this one may use, because they never play at the same time */
  finish(name: string, beside?: Plan): Plan {
    const forward = this.#forward ?? this.#steps.length;
    const [preparation, zeros, kept] = [this.#preparation, this.#zeros, this.#kept];
    return new Plan(name, this.#steps, { preparation, forward, zeros, kept, beside });
  }

  #newGradient(of: Tensor): Tensor {
    const slabs = this.#slabs;
    if (of.storage === slabs?.parameters) return { ...of, name: `d ${of.name}`, storage: slabs.gradients };
    return tensor(`d ${of.name}`, of.shape, { scratch: true });
  }

  #label(name: string): string {
    return [...this.#path, name].join(".");
  }
}
