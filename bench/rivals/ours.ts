import { openDevice } from "../../src/gpu/device.ts";
import { adam } from "../../src/optim/adam.ts";
import { createPredictor } from "../../src/run/predictor.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { createSampler } from "../../src/train/sampler.ts";
import { BUDGET } from "../budget.ts";
import type { Library, Work } from "./library.ts";
import { type Given, modelOf, TRAINING, type Workload } from "./workloads.ts";

/**
 * webgpu-rnn as anyone would use it where no one waits for a page, as none of the others cuts its work for one: all other
 * choices are left to it.
 */
export const library: Library = {
  async prepare(workload, given) {
    const gpu = await openDevice({ budget: BUDGET });
    return { training, sampling, inference }[workload.kind](gpu, workload, given);
  },
};

type Gpu = Awaited<ReturnType<typeof openDevice>>;

async function training(gpu: Gpu, workload: Workload, { weights, inputs, targets }: Given): Promise<Work> {
  const { batch, time } = workload;
  const { clipNorm, ...options } = TRAINING;
  const optimizer = adam(options);
  const trainer = await createTrainer(gpu, modelOf(workload), { batch, time, optimizer, clipNorm, from: weights });
  const step = { inputs: rows(inputs as Uint32Array, workload), targets: rows(targets, workload) };
  return async () => {
    trainer.step(step);
    return [await trainer.loss()];
  };
}

async function sampling(gpu: Gpu, workload: Workload, { weights, inputs }: Given): Promise<Work> {
  const sampler = await createSampler(gpu, modelOf(workload), { from: weights });
  return async () => {
    const drawn: number[] = [];
    const options = { prompt: [inputs[0] as number], length: workload.time, topK: 1 };
    for await (const id of sampler.generate(options)) drawn.push(id);
    return drawn;
  };
}

async function inference(gpu: Gpu, workload: Workload, { weights, inputs }: Given): Promise<Work> {
  const { batch, time, features } = workload;
  const predictor = await createPredictor(gpu, modelOf(workload), { from: weights, batch, layout: "time-major" });
  const given = { shape: [time, batch, features], data: inputs as Float32Array };
  return async () => (await predictor.run({ inputs: given })).outputs.data;
}

/** [T, B] → [B, T], as a trainer takes ids. */
function rows(timeMajor: Uint32Array, { batch, time }: Workload): Uint32Array {
  return Uint32Array.from(timeMajor, (_, i) => timeMajor[(i % time) * batch + Math.floor(i / time)] as number);
}
