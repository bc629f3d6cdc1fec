import { millisecondsOf } from "../src/cli/timing.ts";
import type { Gpu } from "../src/gpu/device.ts";
import { initialWeights } from "../src/nn/init.ts";
import { createSampler } from "../src/train/sampler.ts";
import { type Case, characterModel, TRAINING } from "./cases.ts";
import type { CallCounter, Calls } from "./count-calls.ts";

/** Text written token by token. */
export interface SamplingRow {
  readonly tokens: number;
  readonly milliseconds: number;
  /** For all tokens together, after warm-up. */
  readonly calls: Calls;
}

const TOKENS = 200;

export async function benchSampling(gpu: Gpu, sizes: Case, counter: CallCounter): Promise<SamplingRow> {
  const model = characterModel(sizes, "scan");
  const sampler = await createSampler(gpu, model, { from: initialWeights(model, TRAINING.seed) });
  const write = async (): Promise<void> => {
    for await (const _ of sampler.generate({ prompt: [0], length: TOKENS, topK: 40, topP: 0.9 }));
  };
  try {
    await write();
    const calls = await counter.during(write);
    const milliseconds = await millisecondsOf((times) => async () => {
      for (let i = 0; i < times; i++) await write();
    });
    return { tokens: TOKENS, milliseconds, calls };
  } finally {
    sampler.dispose();
  }
}
