import { adam, createPredictor, createTrainer, embedding, gru, lastStep, linear, sequential } from "webgpu-rnn";
import { batches, TEMPORAL_ORDER_SYMBOLS, temporalOrder } from "webgpu-rnn/data";
import { accuracy } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// Many to one, rows of different length: in which order came the two symbols that matter?
const time = 22;
const { inputs, lengths, targets } = temporalOrder({ batch: 512, time, seed: 1 });
const unseen = temporalOrder({ batch: 200, time, seed: 2 });

const gpu = await openDevice();
const model = sequential(
  embedding(TEMPORAL_ORDER_SYMBOLS.length, 8),
  gru(8, 16, { direction: "bidirectional" }),
  lastStep(), // of each direction, at the row's own length
  linear(32, 4),
);
console.log(String(model));

const trainer = await createTrainer(gpu, model, { batch: 32, time, optimizer: adam({ learningRate: 0.01 }), seed: 1 });
for (const batch of batches({ inputs, lengths, targets }, { batch: 32, epochs: 5 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 20 === 0) console.log(trainer.steps, await trainer.loss());
}

const predictor = await createPredictor(gpu, model, { from: trainer, batch: 200 });
const { outputs } = await predictor.run({ inputs: unseen.inputs, lengths: unseen.lengths });
console.log(`accuracy on unseen rows ${accuracy(outputs, unseen.targets)}, by chance 0.25`);
