import { adam, createPredictor, createTrainer, gru, linear, meanSquaredError, sequential } from "webgpu-rnn";
import { batches } from "webgpu-rnn/data";
import { meanAbsoluteError } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// One to many: a vector (frequency, amplitude), seen at every step, becomes a wave.
const time = 20;
const vectors = Array.from({ length: 200 }, (_, i) => [0.5 + (i % 20) / 20, 0.5 + Math.floor(i / 20) / 10] as const);
const repeated = vectors.map((vector) => Array.from({ length: time }, () => vector).flat());
const waves = vectors.map(([frequency, amplitude]) =>
  Array.from({ length: time }, (_, t) => amplitude * Math.sin(frequency * t)),
);
const seen = (_: unknown, place: number) => place % 5 !== 0;
const unseen = (_: unknown, place: number) => place % 5 === 0;

const gpu = await openDevice();
const model = sequential(gru(2, 24), linear(24, 1));
const trainer = await createTrainer(gpu, model, {
  batch: 32,
  time,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.02 }),
  clipNorm: 1,
  seed: 1,
});
const training = { inputs: repeated.filter(seen), targets: waves.filter(seen) };
for (const batch of batches(training, { batch: 32, epochs: 40 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 60 === 0) console.log(trainer.steps, await trainer.loss());
}

const wanted = waves.filter(unseen);
const predictor = await createPredictor(gpu, model, { from: trainer, batch: wanted.length });
const { outputs } = await predictor.run({ inputs: repeated.filter(unseen) });
const flat = meanAbsoluteError(wanted.flat().fill(0), wanted);
console.log(`mean error for unseen vectors ${meanAbsoluteError(outputs, wanted)}, of a flat line ${flat}`);
