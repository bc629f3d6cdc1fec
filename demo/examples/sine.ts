import { adam, createPredictor, createTrainer, gru, lastStep, linear, meanSquaredError, sequential } from "webgpu-rnn";
import { batches, sine } from "webgpu-rnn/data";
import { meanAbsoluteError } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// A forecast of many steps at once: from thirty steps of a sine of any period the next ten.
const [time, horizon] = [30, 10];
function rows(batch: number, seed: number) {
  const { inputs } = sine({ batch, time: time + horizon, seed });
  return { inputs: inputs.map((row) => row.slice(0, time)), targets: inputs.map((row) => row.slice(time)) };
}

const gpu = await openDevice();
const model = sequential(gru(1, 24), lastStep(), linear(24, horizon));
const trainer = await createTrainer(gpu, model, {
  batch: 32,
  time,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.01 }),
  clipNorm: 1,
  seed: 1,
});
for (const batch of batches(rows(512, 1), { batch: 32, epochs: 10 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 40 === 0) console.log(trainer.steps, await trainer.loss());
}

const { inputs, targets } = rows(64, 2);
const predictor = await createPredictor(gpu, model, { from: trainer, batch: 64 });
const { outputs } = await predictor.run({ inputs });
const flat = meanAbsoluteError(new Float32Array(64 * horizon), targets);
console.log(`mean error for unseen rows ${meanAbsoluteError(outputs, targets)}, of always 0 ${flat}`);
