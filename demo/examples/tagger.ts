import type { Model } from "webgpu-rnn";
import { adam, createPredictor, createTrainer, crossEntropy, embedding, linear, lstm, sequential } from "webgpu-rnn";
import { batches, padSequences, words } from "webgpu-rnn/data";
import { argmax, f1 } from "webgpu-rnn/metrics";
import { openDevice } from "webgpu-rnn/node";

// Sequence labelling: "duck" is a noun or a verb, "her" a determiner before a noun and else a pronoun.
const both = ["duck", "fish", "watch"];
const things = ["the", "her"].flatMap((the) => both.map((noun) => [`${the} ${noun}`, "Det Noun"]));
const [subjects, objects] = [
  [["they", "Pron"], ...things],
  [["her", "Pron"], ["", ""], ...things],
];
const corpus = subjects.flatMap(([who, a]) =>
  both.flatMap((verb) => objects.map(([whom, b]) => ({ text: `${who} ${verb} ${whom}`, labels: `${a} Verb ${b}` }))),
);
const vocabulary = words(corpus.map(({ text }) => text));
const tags = words(
  corpus.map(({ labels }) => labels),
  { padding: "-" },
); // id 0 fills rows up
const ids = corpus.map(({ text }) => vocabulary.encode(text));
const all = { inputs: padSequences(ids), targets: padSequences(corpus.map(({ labels }) => tags.encode(labels))) };
const part = <Of>(column: Of[], held: boolean) => column.filter((_, row) => (row % 4 === 0) === held);
const rows = (held: boolean) => ({
  inputs: part(all.inputs, held),
  targets: part(all.targets, held),
  lengths: part(ids, held).map(({ length }) => length),
});

const gpu = await openDevice();
async function score(model: Model) {
  const options = {
    batch: 16,
    time: 5,
    loss: crossEntropy({ ignoreIndex: 0 }),
    optimizer: adam({ learningRate: 0.02 }),
    seed: 1,
  };
  const trainer = await createTrainer(gpu, model, options);
  for (const batch of batches(rows(false), { batch: 16, epochs: 12 })) {
    trainer.step(batch);
    await trainer.ready();
  }
  const { inputs, lengths, targets } = rows(true);
  const predictor = await createPredictor(gpu, model, { from: trainer, batch: inputs.length });
  return f1(argmax((await predictor.run({ inputs, lengths })).outputs), targets, { classes: tags.size, ignoreIndex: 0 })
    .macro;
}
const context = sequential(
  embedding(vocabulary.size, 8),
  lstm(8, 8, { direction: "bidirectional" }),
  linear(16, tags.size),
);
const alone = sequential(embedding(vocabulary.size, 8), linear(8, tags.size));
console.log(`F1 on unseen sentences ${await score(context)}, word by word ${await score(alone)}`);
