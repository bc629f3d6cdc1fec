import {
  activation,
  adam,
  createPredictor,
  createTrainer,
  lastStep,
  linear,
  meanSquaredError,
  sequential,
  temporalConvolution,
} from "webgpu-rnn";
import { mackeyGlass, shuffledBatches, windows } from "webgpu-rnn/data";
import { meanAbsoluteError } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// A time-delay network: from 24 steps of a series the one six steps ahead.
const [series = []] = mackeyGlass({ batch: 1, time: 900, seed: 1 }).inputs;
const examples = windows(series, { time: 24, horizon: 6 }).map((seen) => ({ ...seen, ahead: seen.targets.slice(-1) }));
const [training, unseen] = [examples.slice(0, 700), examples.slice(-150)];

const gpu = await openDevice();
const model = sequential(
  temporalConvolution(1, 16, { taps: 8, dilation: 3 }),
  activation("tanh"),
  lastStep(),
  linear(16, 1),
);
const optimizer = adam({ learningRate: 0.01 });
const trainer = await createTrainer(gpu, model, { batch: 50, time: 24, loss: meanSquaredError(), optimizer, seed: 1 });
for (const batch of shuffledBatches(training, { batch: 50, epochs: 15 })) {
  const rows = batch.examples;
  trainer.step({ inputs: rows.map(({ inputs }) => inputs), targets: rows.map(({ ahead }) => ahead) });
  await trainer.ready();
}
const predictor = await createPredictor(gpu, model, { from: trainer, batch: unseen.length });
const { outputs } = await predictor.run({ inputs: unseen.map(({ inputs }) => inputs) });
const [ahead, last] = [unseen.map((row) => row.ahead), unseen.map(({ inputs }) => inputs.slice(-1))];
console.log(
  `mean error ${meanAbsoluteError(outputs, ahead)}, of the last step again ${meanAbsoluteError(last, ahead)}`,
);
