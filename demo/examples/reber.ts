import { adam, createPredictor, createTrainer, linear, lstm, oneHot, sequential } from "webgpu-rnn";
import { batches, embeddedReber, REBER_SYMBOLS } from "webgpu-rnn/data";
import { openDevice } from "webgpu-rnn/node";

// The embedded Reber grammar: the last symbol but one is the second again, however long the string between.
const time = 20;
const { inputs, targets, lengths } = embeddedReber({ batch: 1024, time, seed: 1 });
const unseen = embeddedReber({ batch: 200, time, seed: 2 });
const symbols = REBER_SYMBOLS.length;

const gpu = await openDevice();
const model = sequential(oneHot(symbols), lstm(symbols, 16), linear(16, symbols));
const trainer = await createTrainer(gpu, model, { batch: 32, time, optimizer: adam({ learningRate: 0.02 }), seed: 1 });
for (const batch of batches({ inputs, targets, lengths }, { batch: 32, epochs: 7 })) {
  trainer.step(batch);
  await trainer.ready();
  if (trainer.steps % 80 === 0) console.log(trainer.steps, await trainer.loss());
}

const predictor = await createPredictor(gpu, model, { from: trainer, batch: 200 });
const { outputs } = await predictor.run({ inputs: unseen.inputs, lengths: unseen.lengths });
const rowOf = (row: number, t: number) => outputs.data.subarray((row * time + t) * symbols).subarray(0, symbols);
/** Whether the symbols that may come are those that rank highest. */
const right = (row: number, t: number) => {
  const [given, legal] = [rowOf(row, t), unseen.legal[row]?.subarray(t * symbols, (t + 1) * symbols) ?? []];
  const least = Math.min(...given.filter((_, symbol) => legal[symbol] === 1));
  return given.every((logit, symbol) => legal[symbol] === 1 || logit < least);
};
const strings = [...unseen.lengths].map((length) => Array.from({ length }, (_, t) => t));
const whole = strings.filter((steps, row) => steps.every((t) => right(row, t))).length / strings.length;
const remembered = strings.filter((steps, row) => right(row, steps.length - 2)).length / strings.length;
console.log(`strings predicted ${whole}, remembered ${remembered}, by chance at most 0.5`);
