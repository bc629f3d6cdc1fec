import { adam, createStream, createTrainer, gru, linear, meanSquaredError, sequential } from "webgpu-rnn";
import { batches, mackeyGlass } from "webgpu-rnn/data";
import { meanAbsoluteError } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// At every step of a chaotic series the value six steps later; afterwards sample by sample, as a sensor gives them.
const [time, ahead] = [50, 6];
const series = mackeyGlass({ batch: 128, time: time + ahead, seed: 1 }).inputs;
const training = { inputs: series.map((row) => row.slice(0, time)), targets: series.map((row) => row.slice(ahead)) };

const gpu = await openDevice();
const model = sequential(gru(1, 16), linear(16, 1));
const trainer = await createTrainer(gpu, model, {
  batch: 16,
  time,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.02 }),
  seed: 1,
});
for (const batch of batches(training, { batch: 16, epochs: 20 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 40 === 0) console.log(trainer.steps, await trainer.loss());
}

const [sensor = new Float32Array()] = mackeyGlass({ batch: 1, time: 200, seed: 2 }).inputs;
const stream = await createStream(gpu, model, { from: trainer });
const forecasts: number[] = [];
for (const sample of sensor) forecasts.push(...(await stream.step([sample])).data); // the state stays on the GPU
const [from, come] = [50, sensor.slice(50 + ahead)]; // the first samples only tell where the series stands
const error = meanAbsoluteError(forecasts.slice(from, -ahead), come);
console.log(`mean error ${error}, of the last sample again ${meanAbsoluteError(sensor.slice(from, -ahead), come)}`);
