import { activation, adam, createPredictor, createTrainer, linear, sequential } from "webgpu-rnn";
import { batches } from "webgpu-rnn/data";
import { accuracy } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// Plain feed-forward: does a point of the square lie within the circle? A sequence of one step is no sequence.
const points = Array.from({ length: 400 }, (_, i) => [(i % 20) / 10 - 0.95, Math.floor(i / 20) / 10 - 0.95] as const);
const inside = points.map(([x, y]) => (x * x + y * y < 0.64 ? 1 : 0));
const seen = (place: number) => place % 4 !== 0;
const training = { inputs: points.filter((_, i) => seen(i)), targets: inside.filter((_, i) => seen(i)) };
const [inputs, targets] = [points.filter((_, i) => !seen(i)), inside.filter((_, i) => !seen(i))];

const gpu = await openDevice();
const model = sequential(linear(2, 16), activation("tanh"), linear(16, 2));
const trainer = await createTrainer(gpu, model, {
  batch: 50,
  time: 1,
  optimizer: adam({ learningRate: 0.02 }),
  seed: 1,
});
for (const batch of batches(training, { batch: 50, epochs: 40 })) {
  trainer.step(batch);
  await trainer.ready();
}

const predictor = await createPredictor(gpu, model, { from: trainer, batch: 100 });
const { outputs } = await predictor.run({ inputs });
const baseline = targets.filter((target) => target === 0).length / targets.length;
console.log(
  `accuracy on unseen points ${accuracy(outputs, targets)}, of always "no" ${Math.max(baseline, 1 - baseline)}`,
);
