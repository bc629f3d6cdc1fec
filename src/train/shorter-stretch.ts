import type { RecomputationNeeds } from "./needs.ts";
import { createRecomputation, heldBytes, heldTensors } from "./recomputation.ts";
import type { Chosen, Wanted } from "./stretch.ts";
import type { TrainingPlan } from "./training-plan.ts";

/**
 * @param whole what is played where there is no bound on the memory and no stretch fits the device
 * @param fits whether a step does that has so many bytes on the device beside its plan
 * @throws WebgpuRnnError when no stretch stays within the memory
 */
export function shorterStretch(
  wanted: Wanted,
  whole: Chosen,
  fits: (recorded: TrainingPlan, held: number) => boolean,
  needs: RecomputationNeeds,
): Chosen {
  const { model, loss, time, memory } = wanted;
  let least = whole.recorded.plan.bytes;
  for (let stretches = 2; !wanted.whole && stretches < 2 * time; stretches *= 2) {
    const stretch = Math.ceil(time / stretches);
    const count = Math.ceil(time / stretch);
    const shape = { ...whole.shape, time: stretch, weighted: true };
    const record = wanted.recordFor(count);
    const recorded = record(shape);
    const held = heldTensors(model, loss, wanted, recorded, needs);
    const bytes = heldBytes(held, needs);
    if (fits(recorded, bytes)) {
      return {
        record,
        shape,
        recorded,
        recomputation: (memory, shapes) => createRecomputation(memory, shapes, stretch, held, needs),
      };
    }
    least = Math.min(least, recorded.plan.bytes + bytes);
  }
  if (memory === undefined) return whole;
  const cure = "choose a smaller batch or hidden size";
  throw needs.refuse({ what: "createTrainer: memory", expected: `at least ${least} bytes`, got: String(memory), cure });
}
