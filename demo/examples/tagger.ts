import { adam, createPredictor, createTrainer, crossEntropy, embedding, linear, lstm, sequential } from "webgpu-rnn";
import { batches, padSequences, words } from "webgpu-rnn/data";
import { argmax, f1 } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// Sequence labelling: "duck" is a noun or a verb; "her" is a determiner before a noun, else a pronoun.
const verbs = ["duck/V", "fish/V", "watch/V"];
const things = ["the/D", "her/D"].flatMap((the) => ["duck/N", "fish/N", "watch/N"].map((noun) => `${the} ${noun}`));
const sentences = ["they/P", ...things].flatMap((subject) =>
  verbs.flatMap((verb) => ["", "her/P", ...things].map((object) => `${subject} ${verb} ${object}`)),
);
const texts = sentences.map((sentence) => sentence.replaceAll(/\/\w/g, ""));
const labels = sentences.map((sentence) => sentence.replaceAll(/\w+\//g, ""));
const [vocabulary, tags] = [words(texts), words(labels, { padding: "-" })];

function columns(unseen: boolean) {
  const part = (column: string[]) => column.filter((_, row) => (row % 4 === 0) === unseen);
  const ids = part(texts).map((text) => vocabulary.encode(text));
  const targets = padSequences(part(labels).map((label) => tags.encode(label))); // 0, padding, behind the end
  return { inputs: padSequences(ids), targets, lengths: ids.map(({ length }) => length) };
}
const { inputs, lengths, targets } = columns(true);

const gpu = await openDevice();
const tagging = lstm(8, 8, { direction: "bidirectional" });
const model = sequential(embedding(vocabulary.size, 8), tagging, linear(16, tags.size));
const options = { loss: crossEntropy({ ignoreIndex: 0 }), optimizer: adam({ learningRate: 0.02 }), seed: 1 };
const trainer = await createTrainer(gpu, model, { batch: 16, time: 5, ...options });
for (const batch of batches(columns(false), { batch: 16, epochs: 20 })) {
  trainer.step(batch);
  await trainer.ready();
}

const predictor = await createPredictor(gpu, model, { from: trainer, batch: inputs.length });
const { outputs } = await predictor.run({ inputs, lengths });
const { macro } = f1(argmax(outputs), targets, { classes: tags.size, ignoreIndex: 0 });
console.log(`F1 on unseen sentences ${macro}, word by word 0.48`);
