import { adam, createStream, createTrainer, gru, linear, meanSquaredError, sequential } from "webgpu-rnn";
import { batches, mackeyGlass } from "webgpu-rnn/data";
import { meanAbsoluteError } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// Next-step prediction of a chaotic series; afterwards sample by sample, as a sensor gives them.
const time = 50;
const training = mackeyGlass({ batch: 128, time, seed: 1 });
const [seen] = mackeyGlass({ batch: 1, time: 200, seed: 2 }).inputs;
const sensor = [...(seen ?? [])];

const gpu = await openDevice();
const model = sequential(gru(1, 16), linear(16, 1));
const trainer = await createTrainer(gpu, model, {
  batch: 16,
  time,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.01 }),
  seed: 1,
});
for (const batch of batches({ ...training }, { batch: 16, epochs: 20 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 40 === 0) console.log(trainer.steps, await trainer.loss());
}

const stream = await createStream(gpu, model, { from: trainer });
const forecasts: number[] = [];
for (const sample of sensor) forecasts.push(...(await stream.step([sample])).data); // the state stays on the GPU
const [from, come] = [50, sensor.slice(51)]; // the first steps only tell where the series stands
const error = meanAbsoluteError(forecasts.slice(from, -1), come);
console.log(`mean error ${error}, of saying the last sample again ${meanAbsoluteError(sensor.slice(from, -1), come)}`);
