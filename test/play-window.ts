import { type OracleMemory, playSteps } from "../src/oracle/play.ts";
import type { Plan } from "../src/plan/plan.ts";
import type { Step } from "../src/plan/step.ts";
import type { Storage, Tensor } from "../src/tensor.ts";
import type { TrainingPlan } from "../src/train/training-plan.ts";
import type { WindowPlan } from "../src/train/window-plan.ts";

/** Where a plan's tensors lie. */
export interface Placed {
  readonly steps: readonly Step[];
  readonly zeros: readonly Storage[];
}

interface SavedChunk {
  readonly window: WindowPlan;
  readonly elements: readonly (readonly [Tensor, ArrayLike<number>])[];
}

/** Plays trainings through windows of several chunks by the twins; what each chunk saves is kept aside as it is. */
export class PlayedWindow {
  readonly #memory: OracleMemory;
  readonly #chunks: number;
  readonly #inPlace: (plan: Plan) => Placed;
  #saved: readonly SavedChunk[] = [];

  constructor(memory: OracleMemory, chunks: number, inPlace: (plan: Plan) => Placed) {
    this.#memory = memory;
    this.#chunks = chunks;
    this.#inPlace = inPlace;
  }

  play({ plan, dstates, window, counters, olderChunks }: TrainingPlan, start: boolean): void {
    const memory = this.#memory;
    const { saved } = window as WindowPlan;
    const before = start ? [] : this.#saved.slice(1 - this.#chunks);
    const { steps } = this.#begin(plan);
    memory.write(olderChunks?.drawn as Tensor, memory.read(counters));
    playSteps(steps.slice(0, plan.forward), memory);
    const elements = saved.map((tensor) => [tensor, memory.read(tensor)] as const);
    playSteps(steps.slice(plan.forward, plan.back), memory);
    let handed = dstates.map((tensor) => memory.read(placed(plan, tensor)));
    for (const chunk of before.toReversed()) handed = this.#goBack(chunk, handed);
    playSteps(steps.slice(plan.back), memory);
    this.#saved = [...before, { window: window as WindowPlan, elements }];
  }

  #goBack({ window: { plan, dstates }, elements }: SavedChunk, handed: readonly ArrayLike<number>[]) {
    const memory = this.#memory;
    const states = dstates.map((state) => placed(plan, state));
    for (const [tensor, values] of elements) memory.write(tensor, values);
    const { steps } = this.#begin(plan);
    states.forEach((state, i) => {
      memory.write(state, handed[i] as ArrayLike<number>);
    });
    playSteps(steps, memory);
    return states.map((state) => memory.read(state));
  }

  #begin(plan: Plan): Placed {
    const begun = this.#inPlace(plan);
    for (const storage of begun.zeros) this.#memory.clear(storage);
    return begun;
  }
}

const placed = ({ placement }: Plan, tensor: Tensor): Tensor => ({
  ...tensor,
  storage: placement.get(tensor.storage) ?? tensor.storage,
});
