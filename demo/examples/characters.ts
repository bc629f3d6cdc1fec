import { readFileSync } from "node:fs";
import { adam, createSampler, createTrainer, embedding, fit, linear, lstm, sequential } from "webgpu-rnn";
import { characters, split, streams } from "webgpu-rnn/data";
import { openDevice } from "webgpu-rnn/node";

// A character model, looked after: held-out loss after each epoch, the best weights kept, an end when they get no better.
const sums = Array.from({ length: 600 }, (_, i) => [(i * 617) % 100, (i * 389) % 97] as const);
const [, , , file] = process.argv;
const text = file ? readFileSync(file, "utf8") : sums.map(([a, b]) => `${a} and ${b} are ${a + b}.\n`).join("");
const vocabulary = characters(text);
const { training, heldOut } = split(vocabulary.encode(text), 0.1);
const size = { batch: 16, time: 32 };

const gpu = await openDevice();
const model = sequential(embedding(vocabulary.size, 16), lstm(16, 48), linear(48, vocabulary.size));
const optimizer = adam({ learningRate: 0.01 });
const trainer = await createTrainer(gpu, model, { ...size, optimizer, clipNorm: 1, seed: 7 });
const options = { epochs: 3, validation: streams(heldOut, { batch: 2, time: 32 }), patience: 2 };
let best = Number.POSITIVE_INFINITY;
for await (const event of fit(trainer, streams(training, size), options)) {
  if (event.kind === "epoch") console.log(event.epoch, event.loss, event.validationLoss, event.bitsPerCharacter);
  if (event.kind === "best") best = event.loss / Math.LN2;
  if (event.kind === "stopped") console.log(`stopped after ${event.step} steps: ${event.reason}`);
}

const sampler = await createSampler(gpu, model, { from: trainer }); // the best weights
const prompt = vocabulary.encode(text.slice(0, 8));
for await (const id of sampler.generate({ prompt, length: 200, temperature: 0.7 }))
  process.stdout.write(vocabulary.decode([id]));
console.log(`\nbits per character ${best}, of characters by themselves ${entropy(text)}`);

function entropy(letters: string): number {
  const counts = new Map<string, number>();
  for (const letter of letters) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  return -[...counts.values()].reduce(
    (sum, count) => sum + (count / letters.length) * Math.log2(count / letters.length),
    0,
  );
}
