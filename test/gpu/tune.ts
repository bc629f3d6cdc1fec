import type { Cache } from "../../src/gpu/choices.ts";
import { openWith } from "../../src/gpu/device.ts";
import { resumeTraining, trainingCheckpoint } from "../../src/io/training-checkpoint.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { createSampler } from "../../src/train/sampler.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";

const model = sequential(embedding(5, 4), gru(4, 48), linear(48, 5));
const options = { batch: 2, time: 6, optimizer: sgd() };
const ids = Array.from({ length: 13 }, (_, place) => (place * place) % 5);
const step = (trainer: Trainer): void => trainer.step({ inputs: ids.slice(0, 12), targets: ids.slice(1) });

const cacheOf = (texts: string[]): Cache => ({
  read: async () => texts.at(-1),
  write: async (_, text) => void texts.push(text),
});

export const cases: readonly GpuCase[] = [
  {
    name: "a tuned device times what is new to it, and keeps it",
    async run(gpu) {
      const texts: string[] = [];
      const tuned = await openWith(cacheOf(texts), { gpu: gpu.device, tune: true });
      const first = await createTrainer(tuned, model, options);
      const again = await createTrainer(tuned, model, options);
      const sampler = await createSampler(tuned, model, { from: first });
      if (texts.length !== 2) throw new Error(`${texts.length} findings of a trainer and a sampler`);
      if (!String(first.plan).includes("settled by timing")) throw new Error(String(first.plan));
      if (first.plan.identity !== again.plan.identity) throw new Error("another choice at the second time");
      for (const program of [first, again, sampler]) program.dispose();
    },
  },
  {
    name: "what timing has chosen travels with a checkpoint: a device that has timed nothing goes on to the last bit",
    async run(gpu) {
      const plain = await createTrainer(gpu, model, options);
      const [[key, usual]] = [...plain.plan.choices] as [[string, string]];
      plain.dispose();
      const other = usual === "scan" ? "step" : "scan";
      const text = JSON.stringify({ format: 1, adapter: gpu.adapter.name, choices: { [key]: other } });
      const tuned = await openWith(cacheOf([text]), { gpu: gpu.device, tune: true });
      const before = await createTrainer(tuned, model, options);
      if (before.plan.choices.get(key) !== other) throw new Error(String(before.plan));
      step(before);
      const bytes = await trainingCheckpoint(before);
      const { trainer: after, exact } = await resumeTraining(gpu, bytes);
      if (!exact || after.plan.choices.get(key) !== other) throw new Error(`exact ${exact}\n${after.plan}`);
      step(before);
      step(after);
      compare("losses", (await after.progress()).losses, (await before.progress()).losses.slice(1), 0);
      const { trainer: third, exact: still } = await resumeTraining(gpu, await trainingCheckpoint(after));
      if (!still) throw new Error("lost on the second journey");
      for (const trainer of [before, after, third]) trainer.dispose();
    },
  },
];
