import type { Gpu } from "../src/gpu/device.ts";
import { createTrainer } from "../src/train/create-trainer.ts";
import { characterModel, TINY, TRAINING } from "./cases.ts";
import type { CallCounter, LiveBuffers } from "./count-calls.ts";
import { stepper } from "./training.ts";

/** What very many steps leave behind. */
export interface EnduranceRow {
  readonly steps: number;
  readonly milliseconds: number; // of all steps
  readonly before: LiveBuffers;
  readonly after: LiveBuffers;
}

const STEPS = 10_000;

export async function benchEndurance(gpu: Gpu, counter: CallCounter): Promise<EnduranceRow> {
  const { batch, time } = TINY;
  const trainer = await createTrainer(gpu, characterModel(TINY, "scan"), { batch, time, ...TRAINING });
  try {
    const step = stepper(trainer, TINY);
    step();
    await trainer.loss();
    const before = counter.live;
    const begin = performance.now();
    for (let i = 0; i < STEPS; i++) {
      step();
      await trainer.ready();
    }
    await trainer.loss();
    return { steps: STEPS, milliseconds: performance.now() - begin, before, after: counter.live };
  } finally {
    trainer.dispose();
  }
}
