import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Checkpoint, writeCheckpoint } from "../src/io/checkpoint.ts";
import { errorLine, events, losses, TINY, Workplace } from "./cli.ts";

const workplace = new Workplace();
const run = (...words: string[]) => workplace.start(words).ended;
const succeed = (...words: string[]) => workplace.succeed(...words);
const checkpoint = (name: string) => workplace.checkpoint(name);

describe("train", () => {
  test("--json prints one object a line, from start to end", () => {
    const lines = events(workplace.read("six.jsonl"));
    const [first, ...rest] = lines;
    expect(first).toMatchObject({ event: "start", adapter: expect.any(String), batch: 5, time: 8, steps: 6 });
    const { model } = checkpoint("six.safetensors");
    expect(first.parameters).toBe(model.size);
    const steps = rest.filter(({ event }) => event === "step");
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { loss, tokensPerSecond } of steps) {
      expect(loss).toBeGreaterThan(0);
      expect(tokensPerSecond).toBeGreaterThan(0);
    }
    expect(steps[0].loss).toBeCloseTo(Math.log(28), 0); // untrained: 28 characters, all about as likely
    const sample = rest.find(({ event }) => event === "sample");
    expect([...sample.text]).toHaveLength(10);
    const end = rest.at(-1);
    expect(end).toMatchObject({ event: "end", steps: 6, loss: steps[5].loss, checkpoint: "six.safetensors" });
    expect(end.validationLoss).toBeGreaterThan(0);
    expect(end.validationStep).toBe(6);
    expect(end.seconds).toBeGreaterThan(0);
  });

  test("a step is one submit of at most 20 dispatches, and creates no buffer", () => {
    const { submitsPerStep, buffersCreatedPerStep, dispatchesPerStep } = events(workplace.read("six.jsonl")).at(-1);
    expect({ submitsPerStep, buffersCreatedPerStep }).toEqual({ submitsPerStep: 1, buffersCreatedPerStep: 0 });
    expect(dispatchesPerStep).toBeGreaterThan(5);
    expect(dispatchesPerStep).toBeLessThanOrEqual(20);
  });

  test("leaves a checkpoint by PyTorch's names and a learning curve", () => {
    const { weights, vocabulary, training } = checkpoint("six.safetensors");
    expect([...weights.keys()].sort()).toEqual([
      "0.weight",
      "1.bias_hh_l0",
      "1.bias_ih_l0",
      "1.weight_hh_l0",
      "1.weight_ih_l0",
      "2.bias",
      "2.weight",
    ]);
    expect(vocabulary?.size).toBe(28);
    expect(training?.state.steps).toBe(6);
    expect(workplace.read("six.svg")).toContain("<svg");
    expect(readdirSync(workplace.at("")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("resumed, it goes on bit for bit as if it had never stopped", async () => {
    const first = await succeed("train", "text.txt", ...TINY, "--steps", "2", "--out", "two.safetensors", "--json");
    const rest = await succeed("train", "text.txt", "--resume", "two.safetensors", "--steps", "6", "--json");
    expect([...losses(first), ...losses(rest)]).toEqual(losses(workplace.read("six.jsonl")));
    const [resumed, whole] = [checkpoint("two.safetensors"), checkpoint("six.safetensors")];
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.training?.options).toEqual(whole.training?.options);
    const state = ({ training }: Checkpoint) =>
      [...(training?.state.tensors ?? [])].filter(([name]) => name !== "history.validation");
    expect(state(resumed)).toEqual(state(whole));
  });

  test("tells people the same, on the built-in corpus by default, and how to go on", async () => {
    const stdout = await succeed("train", ...TINY, "--steps", "3", "--layers", "2");
    for (const part of ["adapter", "built-in corpus", "weight_ih_l1", "held-out", "bits a character"]) {
      expect(stdout).toContain(part);
    }
    expect(stdout).toMatch(/3\/3 {2}loss \d\.\d\d .* tokens\/s {2}0:00 left/);
    expect(stdout).toMatch(/write text +node \S*cli\.js sample webgpu-rnn\.safetensors\n/);
    expect(stdout).toMatch(/train on +node \S*cli\.js train --resume webgpu-rnn\.safetensors --steps 6\n/);
    expect(existsSync(workplace.at("webgpu-rnn.svg"))).toBe(true);
  });

  test("says so when the text is too short to hold some of it out", async () => {
    workplace.write("short.txt", "abcdefgh".repeat(6));
    const words = ["train", "short.txt", ...TINY.with(-1, "0"), "--steps", "2", "--out", "short.safetensors"];
    expect(await succeed(...words)).toContain("none held out, since a share of 0.1 would leave one part too short");
    const lines = events(await succeed(...words, "--json"));
    expect(lines.map(({ event }) => event)).toEqual(["start", "step", "step", "end"]); // no sample: its length is 0
    expect(lines.at(-1)).toMatchObject({ validationLoss: null });
  });

  test("Ctrl-C stops it with its checkpoint written, and --resume goes on", async () => {
    const { child, ended } = workplace.start([
      "train",
      "text.txt",
      ...TINY,
      "--steps",
      "1000000",
      "--out",
      "early.safetensors",
      "--json",
    ]);
    await new Promise<void>((resolve) =>
      child.stdout?.on("data", (chunk) => String(chunk).includes('"step"') && resolve()),
    );
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect(code, stderr).toBe(130);
    const { steps, interrupted } = events(stdout).at(-1);
    expect(interrupted).toBe(true);
    expect(checkpoint("early.safetensors").training?.state.steps).toBe(steps);
    expect(workplace.read("early.svg")).toContain("<svg");
    const again = await succeed(
      "train",
      "text.txt",
      "--resume",
      "early.safetensors",
      "--steps",
      String(steps + 1),
      "--json",
    );
    expect(losses(again)).toHaveLength(1);
  });

  test("stops at a loss that is not finite, with the weights before it kept", async () => {
    const { weights, ...rest } = checkpoint("six.safetensors");
    const bias = { shape: [28], data: Float32Array.from({ length: 28 }, (_, id) => (id === 0 ? 3e38 : -3e38)) };
    const broken = new Map([...weights, ["2.bias", bias]]);
    workplace.write("broken.safetensors", writeCheckpoint({ ...rest, weights: broken }));
    const { code, stdout, stderr } = await run(
      "train",
      "text.txt",
      "--resume",
      "broken.safetensors",
      "--steps",
      "9",
      "--json",
    );
    expect(code).toBe(1);
    expect(losses(stdout)).toEqual([]);
    expect(errorLine(stderr)).toMatch(
      /stopped being finite at step 7\. broken\.safetensors holds the weights before it/,
    );
    expect(checkpoint("broken.safetensors").weights).toEqual(broken);
  });
});

describe("sample", () => {
  const sample = (...words: string[]): Promise<string> => succeed("sample", "six.safetensors", ...words);

  test("writes a text that its seed decides, the prompt first", async () => {
    const text = await sample("--prompt", "the ", "--length", "100", "--seed", "5");
    expect(text).toMatch(/^the [\s\S]{100}\n$/);
    expect(await sample("--prompt", "the ", "--length", "30", "--seed", "5")).toBe(`${text.slice(0, 34)}\n`);
    expect(await sample("--prompt", "the ", "--length", "100", "--seed", "6")).not.toBe(text);
  });

  test("greedy is temperature 0 is top-k 1, whatever the seed", async () => {
    const text = await sample("--greedy", "--length", "40");
    expect(await sample("--temperature", "0", "--length", "40")).toBe(text);
    expect(await sample("--top-k", "1", "--length", "40")).toBe(text);
  });

  test("ends without a word when nobody reads on", async () => {
    const { child, ended } = workplace.start(["sample", "six.safetensors", "--length", "1000000"]);
    child.stdout?.once("data", () => child.stdout?.destroy());
    const { code, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(stderr).not.toContain("EPIPE");
  });
});

describe("info", () => {
  test("--json tells the adapter and how the self-test went", async () => {
    const { adapter, software, features, limits, selfTest } = JSON.parse(await succeed("info", "--json"));
    expect(adapter).not.toBe("");
    expect(typeof software).toBe("boolean");
    expect(features).toEqual(expect.any(Array));
    expect(limits.maxStorageBufferBindingSize).toBeGreaterThanOrEqual(128 * 2 ** 20);
    expect(selfTest.passed).toBe(true);
    expect(selfTest.tests.map(({ name }: { name: string }) => name)).toContain(
      "lstm, scan: gradient of 1.weight_hh_l0",
    );
  });

  test("the same for people", async () => {
    const text = await succeed("info");
    for (const part of ["adapter", "features", "maxBufferSize", "lstm, scan: ", "jordan, step: ", "passed"])
      expect(text).toContain(part);
  });
});

test("--help explains every command and the exit codes", async () => {
  expect(await succeed("--help")).toMatch(/train \[FILE\][\s\S]*sample <CHECKPOINT>[\s\S]*info/);
  const help = await succeed("train", "--help");
  for (const part of ["--hidden <n>", "(default: 128)", "--top-p <x>", "130  stopped by Ctrl-C"])
    expect(help).toContain(part);
  expect(await succeed("--version")).toMatch(/^webgpu-rnn\/\d+\.\d+\.\d+/);
});
