import type { Batch } from "../../src/batch/batch.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import type { NamedTensors } from "../../src/tensor.ts";
import { createTrainer, type TrainerOptions } from "../../src/train/create-trainer.ts";
import type { Trainer } from "../../src/train/trainer.ts";
import { countBuffers } from "./buffers.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual } from "./small-networks.ts";

const VOCABULARY = 7;

/** Draws in every way and carries states in every way. */
const model = sequential(
  embedding(VOCABULARY, 4),
  lstm(4, 6, { layers: 2, dropout: 0.3, recurrentDropout: 0.2, initialState: "learned" }),
  gru(6, 5, { dropConnect: 0.2, zoneout: 0.1, layerNorm: true }),
  linear(5, VOCABULARY),
);
const options: TrainerOptions = {
  batch: 2,
  time: 3,
  window: 9,
  optimizer: adam({ learningRate: 0.01 }),
  clipNorm: 1,
  seed: 5,
};

/** The i-th batch of streams: every fourth is shorter, every third has lengths, every seventh starts anew. */
function batchAt(i: number): Batch {
  const time = i % 4 === 3 ? 2 : 3;
  const ids = (ahead: number): number[][] =>
    [0, 1].map((row) => Array.from({ length: time }, (_, t) => (i * 5 + row * 3 + (t + ahead) ** 2) % VOCABULARY));
  const lengths = i % 3 === 2 ? { lengths: [time, 1] } : {};
  return { inputs: ids(0), targets: ids(1), start: i % 7 === 0, ...lengths };
}

function play(trainer: Trainer, begin: number, end: number): void {
  for (let i = begin; i < end; i++) trainer.step(batchAt(i));
}

/** @param stop where it is stopped and resumed; undefined: nowhere */
async function train(gpu: Gpu, stop?: number): Promise<{ losses: Float32Array; weights: NamedTensors }> {
  let trainer = await createTrainer(gpu, model, options);
  play(trainer, 0, stop ?? 12);
  if (stop !== undefined) {
    const [from, resume] = [await trainer.weights(), await trainer.state()];
    trainer.dispose();
    trainer = await createTrainer(gpu, model, { ...options, from, resume });
    play(trainer, stop, 12);
  }
  const { losses } = await trainer.progress();
  const weights = await trainer.weights();
  trainer.dispose();
  return { losses, weights };
}

/** Steps of a stream far longer than what its window holds. */
const LONG = 100_000;

const refused: readonly (readonly [Partial<TrainerOptions>, Model, string])[] = [
  [{ time: 0 }, model, "createTrainer: time: expected a whole number from 1 to 65536, got 0."],
  [{ window: 0 }, model, "createTrainer: window: expected a multiple of time, 3, got 0."],
  [{ window: 2 }, model, "createTrainer: window: expected a multiple of time, 3, got 2."],
  [{ window: 7 }, model, "createTrainer: window: expected a multiple of time, 3, got 7."],
  [
    {},
    sequential(embedding(VOCABULARY, 4), gru(4, 4, { bidirectional: true }), linear(8, VOCABULARY)),
    "createTrainer: window: expected layers that run forward in time, got layer 1 (gru), bidirectional.",
  ],
  [
    {},
    sequential(embedding(VOCABULARY, 4), linear(4, VOCABULARY)),
    "createTrainer: window: expected a model with a layer that carries states, got one without.",
  ],
];

export const cases: GpuCase[] = [
  ...[1, 5, 7, 10].map((stop) => ({
    name: `stopped after ${stop} steps and resumed, a window equals an uninterrupted run to the last bit`,
    async run(gpu: Gpu) {
      const [whole, parts] = [await train(gpu), await train(gpu, stop)];
      compare("losses", parts.losses, whole.losses.slice(stop), 0);
      expectAllEqual("weights", parts.weights, whole.weights);
    },
  })),
  {
    name: "without its window a resumed run is another one",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      play(trainer, 0, 5);
      const [from, state] = [await trainer.weights(), await trainer.state()];
      trainer.dispose();
      const tensors = new Map([...state.tensors].filter(([name]) => !name.startsWith("window.")));
      const resumed = await createTrainer(gpu, model, { ...options, from, resume: { ...state, tensors } });
      play(resumed, 5, 6);
      const whole = await createTrainer(gpu, model, { ...options, from, resume: state });
      play(whole, 5, 6);
      const [{ data: a }, { data: b }] = [await resumed.weights(), await whole.weights()].map(
        (weights) => weights.get("1.weight_hh_l0") as { data: Float32Array },
      ) as [{ data: Float32Array }, { data: Float32Array }];
      if (a.every((value, i) => value === b[i])) throw new Error("the window does not matter");
      for (const one of [resumed, whole]) one.dispose();
    },
  },
  {
    name: `a stream of ${LONG.toLocaleString("en-US")} steps makes no buffer after its first, and leaves none`,
    async run(gpu) {
      const [time, window] = [500, 1500];
      const small = sequential(embedding(VOCABULARY, 2), rnn(2, 4, { machine: "scan" }), linear(4, VOCABULARY));
      let steps = 0;
      const { left } = await countBuffers(gpu, async () => {
        const trainer = await createTrainer(gpu, small, { batch: 1, time, window, optimizer: adam() });
        const ids = Array.from({ length: time + 1 }, (_, t) => (t * t) % VOCABULARY);
        const step = async (start: boolean): Promise<void> => {
          trainer.step({ inputs: ids.slice(0, -1), targets: ids.slice(1), start });
          steps += time;
          await trainer.ready();
        };
        await step(true);
        await trainer.loss();
        const { made } = await countBuffers(gpu, async () => {
          while (steps < LONG) await step(false);
          if (!Number.isFinite(await trainer.loss())) throw new Error("the loss is not finite");
        });
        if (made !== 0) throw new Error(`${made} buffers are made on the way`);
        trainer.dispose();
      });
      if (left !== 0) throw new Error(`${left} buffers are left`);
    },
  },
  {
    name: "windows that cannot be are refused and leave no buffer behind",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, options);
      play(trainer, 0, 4);
      const [from, resume] = [await trainer.weights(), await trainer.state()];
      trainer.dispose();
      const { left } = await countBuffers(gpu, async () => {
        for (const [given, description, message] of refused) {
          await expectRefusal(message, () => createTrainer(gpu, description, { ...options, ...given }));
        }
        const resumed = (more: object) => createTrainer(gpu, model, { ...options, from, resume, ...more });
        const fewer = "training state: expected at most 1 chunks of a window, got 2.";
        await expectRefusal(fewer, () => resumed({ window: 6 }));
        await expectRefusal("training state: expected that of a trainer", () => resumed({ window: 3 }));
        const tensors = new Map([...resume.tensors].filter(([name]) => name !== "window.1.shape"));
        const cut = 'training state: "window.1.shape": expected a tensor of shape [4], got none of this name.';
        await expectRefusal(cut, () => resumed({ resume: { ...resume, tensors } }));
      });
      if (left !== 0) throw new Error(`${left} buffers are left`);
    },
  },
];
