import type { Storage, Tensor } from "../tensor.ts";
import type { Plan } from "./plan.ts";
import type { Step } from "./step.ts";

/** Where the gradients of the parameters lie: a twin of their slab, with the same offsets. */
export interface Slabs {
  readonly parameters: Storage;
  readonly gradients: Storage;
}

/** What is recorded besides preparation and tape: once, and again for another way back. */
export interface Way {
  /** Before all labels and names. */
  readonly prefix: readonly string[];
  readonly steps: Step[];
  readonly zeros: Storage[];
  readonly gradients: Map<Tensor, Tensor>;
  readonly slabs: Slabs | undefined;
  /** Steps before the way back. */
  forward?: number;
  /** Steps up to its end. */
  back?: number;
}

/** A step over the storages that stand for those it was recorded with. */
export const inPlace = (step: Step, placement: Plan["placement"]): Step => ({
  ...step,
  bindings: Object.fromEntries(
    Object.entries(step.bindings).map(([name, bound]) => [
      name,
      { ...bound, storage: placement.get(bound.storage) ?? bound.storage },
    ]),
  ),
});
