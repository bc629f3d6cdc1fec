import type { Batch } from "../../src/batch/batch.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import type { Machine } from "../../src/ops/machine-options.ts";
import { adam } from "../../src/optim/adam.ts";
import { shapeText } from "../../src/tensor.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { TOLERANCE } from "./compare-named.ts";
import { playLayer, recordLayer, runLayer } from "./layer-pass.ts";

const CELLS = { lstm, gru, rnn };
const [I, H, BATCH, LONGEST] = [3, 6, 5, 9];

const [VOCABULARY, TIME] = [7, 4];

/** Both trainings add I + H products and 2 biases in each step of 2 layers on the way to a loss, and round by 2^-24. */
const ROUNDING = 2 * 2 * TIME * (2 * H + 2) * 2 ** -24;

const modelOn = (machine: Machine) =>
  sequential(
    embedding(VOCABULARY, I),
    lstm(I, H, { layers: 2, initialState: "learned", machine }),
    linear(H, VOCABULARY),
  );

/** The i-th batch of streams that run on. */
function batchAt(i: number): Batch {
  const ids = Array.from({ length: BATCH * TIME + 1 }, (_, place) => (i * 3 + place * place) % VOCABULARY);
  return { inputs: ids.slice(0, -1), targets: ids.slice(1), start: i === 0 };
}

/** Layers in as many steps as begin, fill and end a wavefront, and fewer. */
const againstTwins: GpuCase[] = Object.entries(CELLS).flatMap(([name, cell]) =>
  [2, 3].map((layers) => ({
    name: `${name}, ${layers} layers, 1 to ${LONGEST} steps: outputs, states and gradients are the twins'`,
    async run(gpu) {
      const layer = cell(I, H, { layers, machine: "wavefront" });
      for (let time = 1; time <= LONGEST; time++) {
        const pass = recordLayer(layer, { batch: BATCH, time, target: gpu.target });
        const actual = await runLayer(gpu, pass);
        for (const [quantity, wanted] of playLayer(pass)) {
          const rms = Math.sqrt(wanted.reduce((sum, value) => sum + value ** 2, 0) / wanted.length);
          const allowed = (_: number, value: number): number => TOLERANCE * (rms + Math.abs(value));
          compare(`T ${time}: ${quantity}`, actual.get(quantity) ?? [], wanted, allowed);
        }
      }
    },
  })),
);

export const cases: GpuCase[] = [
  ...againstTwins,
  {
    name: "a training goes on from the states of layers in turn, which a checkpoint names one by one",
    async run(gpu) {
      const options = { batch: BATCH, time: TIME, optimizer: adam({ learningRate: 0.01 }), seed: 3 };
      const inTurn = await createTrainer(gpu, modelOn("step"), options);
      for (let i = 0; i < 3; i++) inTurn.step(batchAt(i));
      const [from, resume] = [await inTurn.weights(), await inTurn.state()];
      for (const name of ["state.1.state_l0", "state.1.state_l1"]) {
        const { shape = [] } = resume.tensors.get(name) ?? {};
        if (shapeText(shape) !== `[${BATCH * (2 * H + 2)}]`) throw new Error(`${name}: ${shapeText(shape)}`);
      }
      const wavefront = await createTrainer(gpu, modelOn("wavefront"), { ...options, from, resume });
      for (let i = 3; i < 9; i++) for (const trainer of [inTurn, wavefront]) trainer.step(batchAt(i));
      const [wanted, losses] = [(await inTurn.progress()).losses.slice(3), (await wavefront.progress()).losses];
      compare("losses", losses, wanted, (_, loss) => ROUNDING * loss);
      for (const trainer of [inTurn, wavefront]) trainer.dispose();
    },
  },
];
