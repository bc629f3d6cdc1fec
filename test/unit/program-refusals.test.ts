import { expect, test } from "vitest";
import { linear } from "../../src/nn/linear.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { createDifferentiator } from "../../src/run/differentiator.ts";
import { createPredictor } from "../../src/run/predictor.ts";
import { createStream } from "../../src/run/stream.ts";
import { createTranslator } from "../../src/run/translator.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { createEvaluator } from "../../src/train/evaluator.ts";
import { createSampler } from "../../src/train/sampler.ts";

type Create = (gpu: unknown, model: unknown, options: unknown) => Promise<unknown>;

const size = { batch: 1, time: 1 };
const from = new Map();
const creators: [string, unknown, object][] = [
  ["createTrainer", createTrainer, { ...size, optimizer: sgd() }],
  ["createEvaluator", createEvaluator, { ...size, from }],
  ["createDifferentiator", createDifferentiator, size],
  ["createPredictor", createPredictor, { from }],
  ["createStream", createStream, { from }],
  ["createSampler", createSampler, { from }],
  ["createTranslator", createTranslator, { from }],
];

test.each(creators)("%s refuses what is no model", async (name, create, options) => {
  for (const model of [undefined, {}, "gru", [linear(1, 1)]]) {
    const refusal = (create as Create)(undefined, model, options);
    await expect(refusal).rejects.toThrow(`${name}: model: expected what sequential gives, or a layer, got`);
  }
});

test.each(creators.slice(0, 5))("%s refuses what is no device", async (name, create, options) => {
  for (const gpu of [undefined, {}]) {
    const refusal = (create as Create)(gpu, sequential(linear(1, 1)), options);
    await expect(refusal).rejects.toThrow(`${name}: gpu: expected a device from openDevice, got`);
  }
});
