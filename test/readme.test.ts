import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import corpus from "../src/cli/corpus/corpus.txt?raw";

const project = new URL("../", import.meta.url);
const checkpoint = new URL("dist/readme.safetensors", project);
const TEXT = corpus.slice(0, 6000);

/** The programs of the README, in order. */
const programs = [...readFileSync(new URL("README.md", project), "utf8").matchAll(/```ts\n(.*?)```/gs)].map(
  ([, program]) => program as string,
);

/** Runs a program of the README in Node: what it takes from its surroundings is put before it. */
function runInNode(
  name: string,
  program: string,
  { before = "", after = "" }: { before?: string; after?: string },
): string {
  const inNode = program
    .replace(/, openDevice|openDevice, /, "")
    .replace(/^/, 'import { openDevice } from "webgpu-rnn/node";\n');
  const file = new URL(`dist/readme-${name}.js`, project);
  const write = "const write = (text) => process.stdout.write(text);";
  writeFileSync(file, [inNode.replace(/((?:^import .*\n)+)/m, `$1${write}\n${before}\n`), after].join("\n"));
  try {
    return execFileSync(process.execPath, [file.pathname], { cwd: project, encoding: "utf8", timeout: 120_000 });
  } finally {
    rmSync(file);
  }
}

afterAll(() => rmSync(checkpoint, { force: true }));

test("the character model of the README trains and writes", () => {
  const output = runInNode("train", programs[0] ?? "", {
    before: `const text = ${JSON.stringify(TEXT)};`,
    after: `
import { writeFileSync } from "node:fs";
import { writeCheckpoint } from "webgpu-rnn/io";
writeFileSync("dist/readme.safetensors", writeCheckpoint({ model, weights: await trainer.weights(), vocabulary }));`,
  });
  expect(output).toContain("1 lstm");
  expect(output.length).toBeGreaterThan(300);
}, 120_000);

test("the page of the README loads what was trained and writes", () => {
  const output = runInNode("page", programs[1] ?? "", {
    before: `
import { readFileSync } from "node:fs";
globalThis.fetch = async (file) => new Response(readFileSync("dist/" + file.replace("model", "readme")));`,
  });
  expect(output).toHaveLength(200);
}, 120_000);

test("the loss of one's own of the README gives gradients by name and shows how far they reach", () => {
  const output = runInNode("loss", programs[2] ?? "", {
    before: `
const inputs = { shape: [2, 5, 3], data: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)) };
const wanted = new Float32Array(10);`,
    after: `
console.log(outputs.shape, [...finalStates.keys()], taps.get("0.gates_l0").shape);`,
  });
  expect(output).toContain("0.weight_hh_l0_reverse");
  expect(output).toContain("[ 2, 5, 1 ] [ '0.h_l0', '0.h_l0_reverse' ] [ 2, 5, 48 ]");
  expect(output).toMatch(/Float32Array\(5\) \[/);
}, 120_000);

test("the stream of the README answers every sample", () => {
  const output = runInNode("stream", programs[3] ?? "", {
    before: `
import { createDifferentiator } from "webgpu-rnn";
const sensor = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map((sample) => Float32Array.from(sample));
const like = sequential(gru(3, 32), linear(32, 1));
const weights = await (await createDifferentiator(await openDevice(), like, { batch: 1, time: 1 })).weights();`,
  });
  expect(output.match(/Float32Array\(1\)/g)).toHaveLength(3);
}, 120_000);

test("the cell of one's own of the README passes its check", () => {
  const output = runInNode("cell", programs[4] ?? "", { after: "console.log(layer.parameters.length);" });
  expect(output).toContain("0.weight_hh_l0");
  expect(output).not.toContain("wrong");
  expect(output).toMatch(/\n12\n$/);
}, 120_000);

test("the training of the README that is looked after tells of its epochs", () => {
  const output = runInNode("fit", programs[5] ?? "", {
    before: `
import { adam, createTrainer, embedding, gru, linear, sequential } from "webgpu-rnn";
import { characters, split, streams } from "webgpu-rnn/data";
const text = ${JSON.stringify(TEXT.slice(0, 1500))};
const vocabulary = characters(text);
const model = sequential(embedding(vocabulary.size, 8), gru(8, 16), linear(16, vocabulary.size));
const size = { batch: 4, time: 16 };
const trainer = await createTrainer(await openDevice(), model, { ...size, optimizer: adam({ learningRate: 0.02 }) });
const parts = split(vocabulary.encode(text), 0.2);
const [dataset, validation] = [streams(parts.training, size), streams(parts.heldOut, size)];
const { signal } = new AbortController();`,
  });
  const epochs = output
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  expect(epochs.map(([epoch]) => epoch)).toEqual(epochs.map((_, place) => place + 1));
  expect(epochs.at(-1)?.[1]).toBeLessThan(0.8 * (epochs[0]?.[1] as number));
  for (const [, , validation = 0, bits] of epochs) expect(bits).toBeCloseTo(validation / Math.LN2, 12);
}, 120_000);

test("the training of the README goes on from its file", () => {
  const output = runInNode("resume", programs[6] ?? "", {
    before: `
import { adam, createTrainer, embedding, fit, gru, linear, sequential } from "webgpu-rnn";
import { characters, streams } from "webgpu-rnn/data";
process.chdir("dist");
const gpu = await openDevice();
const text = ${JSON.stringify(TEXT.slice(0, 500))};
const vocabulary = characters(text);
const model = sequential(embedding(vocabulary.size, 8), gru(8, 16), linear(16, vocabulary.size));
const size = { batch: 2, time: 8 };
const trainer = await createTrainer(gpu, model, { ...size, optimizer: adam() });
const training = fit(trainer, streams(vocabulary.encode(text), size), { steps: 3 });
for await (const _ of training);`,
    after: `
import { rmSync } from "node:fs";
rmSync("training.safetensors");`,
  });
  expect(output).toBe("3 true { cursor: 3 }\n");
}, 120_000);

test("the encoder and decoder of the README learn to copy", () => {
  const output = runInNode("translate", programs[7] ?? "", {
    before: `
const [ids, start, end] = [7, 6, 6];
const rows = Array.from({ length: 216 }, (_, i) => [...i.toString(6).padStart(1 + (i % 3), "0")].map(Number));
const padded = (row, length) => [...row, ...Array(length - row.length).fill(0)];
const inputs = rows.map((row) => padded(row, 6));
const lengths = rows.map((row) => row.length);
const targets = rows.map((row) => padded([...row, end], 7));
const targetLengths = lengths.map((length) => length + 1);`,
    after: `
console.log(written, score);`,
  });
  expect(output).toMatch(/^\[ \[ 3, 1, 4 \] \] \[ -0\.\d+ \]$/m);
}, 120_000);
