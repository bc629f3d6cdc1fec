import { adam, createStream, createTrainer, linear, lstm, meanSquaredError, sequential } from "webgpu-rnn";
import { batches, sine } from "webgpu-rnn/data";
import { meanAbsoluteError } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// A forecast of many steps: after forty steps of an unseen sine the model goes on with its own forecasts.
const time = 60;
const training = sine({ batch: 256, time, seed: 1 });
const rows = 32;
const unseen = sine({ batch: rows, time: 60, seed: 2 }).inputs;
const at = (t: number) => unseen.map((row) => row[t] ?? 0);

const gpu = await openDevice();
const model = sequential(lstm(1, 24), linear(24, 1));
const trainer = await createTrainer(gpu, model, {
  batch: 32,
  time,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.01 }),
  clipNorm: 1,
  seed: 1,
});
for (const batch of batches({ ...training }, { batch: 32, epochs: 30 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 60 === 0) console.log(trainer.steps, await trainer.loss());
}

const stream = await createStream(gpu, model, { from: trainer, batch: rows });
let forecast: ArrayLike<number> = [];
for (let t = 0; t < 40; t++) forecast = (await stream.step(at(t))).data;
const errors: number[] = [];
for (let t = 40; t < 50; t++) {
  errors.push(meanAbsoluteError(forecast, at(t)));
  forecast = (await stream.step(forecast)).data;
}
console.log(`mean error ten steps ahead ${errors.at(-1)}, of always 0: ${meanAbsoluteError(at(49), at(49).fill(0))}`);
