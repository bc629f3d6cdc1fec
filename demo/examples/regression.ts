import { adam, createEvaluator, createTrainer, gru, lastStep, linear, meanSquaredError, sequential } from "webgpu-rnn";
import { ADDING_BASELINE, addingProblem, batches } from "webgpu-rnn/data";
import { openDevice } from "webgpu-rnn/node";

// Many to one: the sum of the two marked numbers among twenty.
const time = 20;
const training = addingProblem({ batch: 2048, time, seed: 1 });
const unseen = addingProblem({ batch: 256, time, seed: 2 });

const gpu = await openDevice();
const model = sequential(gru(2, 24), lastStep(), linear(24, 1));
const trainer = await createTrainer(gpu, model, {
  batch: 32,
  time,
  loss: meanSquaredError(),
  optimizer: adam({ learningRate: 0.01 }),
  clipNorm: 1,
  seed: 1,
});
for (const batch of batches(training, { batch: 32, epochs: 4 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 64 === 0) console.log(trainer.steps, await trainer.loss());
}

const evaluator = await createEvaluator(gpu, model, { from: trainer, batch: 32, time, loss: meanSquaredError() });
const error = await evaluator.loss(batches(unseen, { batch: 32 }));
console.log(`squared error on unseen rows ${error}, of always 1: ${ADDING_BASELINE}`);
