import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeCheckpoint } from "../src/io/checkpoint.ts";
import { readSafetensors, writeSafetensors } from "../src/io/safetensors.ts";
import { errorLine, ROOT, Workplace } from "./cli.ts";

const workplace = new Workplace();
const at = (name: string) => workplace.at(name);

describe("refuses with one clear line", () => {
  beforeAll(() => {
    const whole = readFileSync(at("six.safetensors"));
    mkdirSync(at("folder"));
    workplace.write("empty.txt", "");
    workplace.write("binary.txt", whole);
    workplace.write("other.txt", `${workplace.read("text.txt")}§`);
    workplace.write("cut.safetensors", whole.subarray(0, whole.length - 100));
    const foreign = new Map([["w", { shape: [1], data: Float32Array.of(1) }]]);
    workplace.write("torch.safetensors", writeSafetensors(foreign));
    const { tensors, metadata } = readSafetensors(whole);
    const { checksum: _, ...rest } = metadata;
    const wrong = new Map([...tensors, ["2.bias", { shape: [2], data: new Float32Array(2) }]]);
    workplace.write("shape.safetensors", writeSafetensors(wrong, { ...rest, version: "1" }));
    workplace.write("damaged.safetensors", writeSafetensors(wrong, metadata));
    const checkpoint = workplace.checkpoint("six.safetensors");
    workplace.write("weights.safetensors", writeCheckpoint({ ...checkpoint, training: undefined }));
  });

  test.each([
    ["train missing.txt", 1, "missing.txt: expected a text file, got no such file."],
    ["train folder", 1, "folder: expected a text file, got a folder."],
    ["train empty.txt", 1, "empty.txt: expected a text to learn from, got an empty file."],
    ["train binary.txt", 1, "binary.txt: expected a text in UTF-8, got a zero byte at"],
    [
      "train text.txt --batch 50 --time 50",
      1,
      "text.txt: expected at least 2501 characters (--batch 50 × --time 50 + 1), got 1760",
    ],
    [
      "train text.txt --prompt Žluť",
      1,
      '--prompt: expected only characters of the vocabulary (28 characters), got "Ž", "ť"',
    ],
    ["train text.txt --out nowhere/m.safetensors", 1, "expected a path that can be written, got no folder nowhere"],
    ["train text.txt --out folder", 1, "folder: expected a path that can be written, got a folder"],
    ["train text.txt --hidden 40000", 1, "Choose a smaller hidden size, vocabulary or number of layers."],
    ["train text.txt --out text.txt", 2, "--out: expected a path other than the text's, text.txt, got text.txt."],
    ["train text.txt --temperature 1e39", 2, "--temperature: expected a number of at least 0, got 1e39."],
    ["train text.txt --lr 1e-300", 2, "--lr: expected a number above 0"],
    ["train text.txt --hidden 1e9", 2, "--hidden: expected a whole number from 1 to 65536, got 1e9."],
    ["train text.txt --steps -1", 2, "--steps: expected a whole number from 1 to"],
    ["train --colour red", 2, "--colour: expected one of --cell, "],
    [
      "train text.txt --resume missing.safetensors",
      1,
      "missing.safetensors: expected a checkpoint of webgpu-rnn, got no such file.",
    ],
    ["train text.txt --resume weights.safetensors", 1, "got one without its training state."],
    ["train text.txt --resume six.safetensors", 2, "--steps: expected more than the 6"],
    [
      "train text.txt --resume six.safetensors --hidden 9 --steps 9",
      2,
      "--hidden: expected 8, as in six.safetensors, got 9.",
    ],
    [
      "train --resume six.safetensors --steps 9",
      2,
      "FILE: expected the text of six.safetensors, such as text.txt, got none.",
    ],
    [
      "train other.txt --resume six.safetensors --steps 9",
      1,
      'other.txt: expected only characters of the vocabulary (28 characters), got "§".',
    ],
    ["sample missing.safetensors", 1, "missing.safetensors: expected a checkpoint of webgpu-rnn, got no such file."],
    ["sample text.txt", 1, "text.txt: "],
    ["sample cut.safetensors", 1, "The file is cut short"],
    ["sample torch.safetensors", 1, "torch.safetensors: expected format webgpu-rnn"],
    ["sample damaged.safetensors", 1, "The file is damaged; copy or save it again."],
    ["sample shape.safetensors", 1, '"2.bias": expected a tensor of shape [28], got [2]'],
    [
      "sample six.safetensors --prompt Ž",
      1,
      '--prompt: expected only characters of the vocabulary (28 characters), got "Ž".',
    ],
    ["sample six.safetensors --top-p 0", 2, "--top-p: expected a number above 0 and at most 1, got 0."],
  ])("%s", async (line, code, message) => {
    const before = readdirSync(at(""));
    const ended = await workplace.start(line.split(" ")).ended;
    expect(errorLine(ended.stderr)).toContain(message);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(readdirSync(at(""))).toEqual(before);
  });

  test("a Node without the package webgpu, saying what to install", async () => {
    mkdirSync(at("bare/node_modules"), { recursive: true });
    cpSync(join(ROOT, "dist"), at("bare/dist"), { recursive: true });
    symlinkSync(join(ROOT, "node_modules/wgsl-preprocessor"), at("bare/node_modules/wgsl-preprocessor"));
    const { code, stderr } = await workplace.start(["info"], at("bare/dist/cli.js")).ended;
    expect(errorLine(stderr)).toContain("npm install webgpu");
    expect(code).toBe(1);
  });
});
