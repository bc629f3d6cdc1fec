import type { Gpu } from "../gpu/device.ts";
import { embedding } from "../nn/embedding.ts";
import { gru } from "../nn/gru.ts";
import { initialWeights } from "../nn/init.ts";
import { linear } from "../nn/linear.ts";
import { lstm } from "../nn/lstm.ts";
import { layOut } from "../nn/parameters.ts";
import { rnn } from "../nn/rnn.ts";
import { type Model, sequential } from "../nn/sequential.ts";
import type { Machine } from "../ops/machine-options.ts";
import { adam } from "../optim/adam.ts";
import { threefry } from "../random.ts";
import { recordNetwork } from "../run/network.ts";
import { createPredictor } from "../run/predictor.ts";
import { createTrainer } from "../train/create-trainer.ts";
import { createSampler } from "../train/sampler.ts";

export const KINDS = ["training", "inference", "sampling"] as const;
export type Kind = (typeof KINDS)[number];

export const WORK_CELLS = { lstm, gru, rnn } as const;
export type WorkCell = keyof typeof WORK_CELLS;

/** What a character model does: embedding → recurrent layers → linear. */
export interface Work {
  /** A training step; a sequence forward and its outputs read back; tokens drawn one by one. */
  readonly kind: Kind;
  readonly cell: WorkCell;
  readonly hidden: number; // H
  readonly layers: number; // L
  readonly batch: number; // B
  /** T; of sampling, how many tokens are drawn. */
  readonly time: number;
  /** Default: the one that suits the sizes. */
  readonly machine?: Machine | undefined;
}

/** Work under way on a device. */
export interface Worker {
  /** Device memory by the plan. */
  readonly bytes: number;
  /** Does it so many times; resolves when the device has done the last. */
  run(times: number): Promise<void>;
  dispose(): void;
}

export const VOCABULARY = 65;
export const FEATURES = 64;
const GATES: Readonly<Record<WorkCell, number>> = { lstm: 4, gru: 3, rnn: 1 };
const SEED = 1;

/**
 * Multiply-adds of the products that the model asks for, once: W·x and R·h of every layer and the last layer's; the way
 * back has two for each.
 */
export function multiplyAddsOf({ kind, cell, hidden, layers, batch, time }: Work): number {
  const recurrent = GATES[cell] * hidden * (FEATURES + hidden + (layers - 1) * 2 * hidden);
  return (recurrent + hidden * VOCABULARY) * batch * time * (kind === "training" ? 3 : 1);
}

/** What the work takes once at the best of some rates, in GFLOP/s; 0 where none is known yet. */
export const leastMilliseconds = (work: Work, rates: readonly number[]): number =>
  rates.length > 0 ? (2 * multiplyAddsOf(work)) / Math.max(...rates) / 1e6 : 0;

/** Tokens that the work goes through once. */
export const tokensOf = ({ batch, time }: Work): number => batch * time;

/** Puts a model where it computes. */
export function begin(gpu: Gpu, work: Work): Promise<Worker> {
  const { cell, hidden, layers, machine } = work;
  const layer = WORK_CELLS[cell](FEATURES, hidden, { layers, ...(machine ? { machine } : {}) });
  const model = sequential(embedding(VOCABULARY, FEATURES), layer, linear(hidden, VOCABULARY));
  return { training, inference, sampling }[work.kind](gpu, model, work);
}

async function training(gpu: Gpu, model: Model, { batch, time }: Work): Promise<Worker> {
  const optimizer = adam({ learningRate: 2e-3 });
  const trainer = await createTrainer(gpu, model, { batch, time, optimizer, clipNorm: 1, seed: SEED });
  const [inputs, targets] = [ids(batch * time, 0), ids(batch * time, 1)];
  return {
    bytes: trainer.plan.bytes,
    async run(times) {
      for (let i = 0; i < times; i++) {
        trainer.step({ inputs, targets });
        await trainer.ready();
      }
      await gpu.device.queue.onSubmittedWorkDone();
    },
    dispose: () => trainer.dispose(),
  };
}

async function inference(gpu: Gpu, model: Model, { batch, time }: Work): Promise<Worker> {
  const predictor = await createPredictor(gpu, model, { from: initialWeights(model, SEED), batch });
  const inputs = Array.from({ length: batch }, (_, row) => ids(time, row));
  const shape = { batch, time, masked: false, gradients: false, seed: undefined };
  const { plan } = recordNetwork({ model, layout: layOut(model) }, shape, gpu.target);
  return {
    bytes: plan.bytes,
    async run(times) {
      for (let i = 0; i < times; i++) await predictor.run({ inputs });
    },
    dispose: () => predictor.dispose(),
  };
}

async function sampling(gpu: Gpu, model: Model, { time }: Work): Promise<Worker> {
  const sampler = await createSampler(gpu, model, { from: initialWeights(model, SEED) });
  return {
    bytes: sampler.plan.bytes,
    async run(times) {
      for (let i = 0; i < times; i++) {
        for await (const _ of sampler.generate({ prompt: [0], length: time, topK: 40, topP: 0.9 }));
      }
    },
    dispose: () => sampler.dispose(),
  };
}

/** Ids that look random and are the same in every run. */
const ids = (length: number, stream: number): Uint32Array =>
  Uint32Array.from({ length }, (_, i) => threefry(0, stream, i, 0)[0] % VOCABULARY);
