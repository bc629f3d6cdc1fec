import { FACTOR, RING } from "../control.ts";
import type { Memory } from "../gpu/memory.ts";
import { factorAt, type Schedule } from "../optim/schedules.ts";
import type { Tensor } from "../tensor.ts";
import type { TrainingPlan } from "./training-plan.ts";

/**
 * Tells the device what the learning rate is multiplied by. The schedule's factors lie in a ring in which the device
 * counts on by applied updates alone: with each update that it submits the host writes the next, four bytes and no
 * submit, and updates are applied no sooner than submitted. So a refused update does not move the schedule, until as many
 * as the ring holds have been refused.
 */
export class Rates {
  readonly #memory: Memory;
  readonly #plan: TrainingPlan;
  readonly #schedule: Schedule | undefined;
  readonly #accumulate: number;

  /**
   * @param accumulate steps that share an update
   * @param steps submitted so far, by a trainer before this one
   * @throws WebgpuRnnError when the schedule gives a factor that is none
   */
  constructor(memory: Memory, plan: TrainingPlan, schedule: Schedule | undefined, accumulate: number, steps: number) {
    this.#memory = memory;
    this.#plan = plan;
    this.#schedule = schedule;
    this.#accumulate = accumulate;
    if (!plan.rates || !schedule) return;
    const latest = Math.floor(steps / accumulate);
    const ring = new Float32Array(RING);
    for (let u = Math.max(0, latest - RING + 1); u <= latest; u++) ring[u % RING] = factorAt(schedule, u);
    memory.write(plan.rates, ring);
  }

  /**
   * To be called before a step is submitted.
   * @param steps submitted so far
   * @throws WebgpuRnnError when the schedule gives a factor that is none
   */
  write(steps: number): void {
    const { rates } = this.#plan;
    if (!rates || !this.#schedule || steps % this.#accumulate !== 0) return;
    const updates = steps / this.#accumulate;
    this.#memory.write(place(rates, updates % RING), Float32Array.of(factorAt(this.#schedule, updates)));
  }

  /** Multiplies the learning rate of what is submitted from now on, beside the schedule. */
  scale(factor: number): void {
    this.#memory.write(place(this.#plan.control, FACTOR), Float32Array.of(factor));
  }
}

/** One element of a tensor. */
const place = (of: Tensor, index: number): Tensor => ({ ...of, shape: [1], offset: of.offset + index });
