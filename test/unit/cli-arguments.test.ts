import { describe, expect, test } from "vitest";
import { flagOf, markValues, readOptions } from "../../src/cli/arguments.ts";
import { runCommand } from "../../src/cli/commands.ts";
import { sampleOptions, trainOptions } from "../../src/cli/options.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

/** The error that a command line ends with. */
const refusal = async (line: string): Promise<Error> =>
  runCommand(line.split(" ").map((word) => (word === "''" ? "" : word))).then(
    () => expect.unreachable(`${line} was accepted`),
    (error) => error,
  );

describe("a wrong command line is refused, naming the option, what was expected and what came", () => {
  test.each([
    ["train --hidden 0", "--hidden: expected a whole number from 1 to 65536, got 0."],
    ["train --hidden 1e9", "--hidden: expected a whole number from 1 to 65536, got 1e9."],
    ["train --hidden 12.5", "--hidden: expected a whole number from 1 to 65536, got 12.5."],
    ["train --hidden 0x80", "--hidden: expected a whole number from 1 to 65536, got 0x80."],
    ["train --steps -5", "--steps: expected a whole number from 1 to 1000000000, got -5."],
    ["train --steps=-5", "--steps: expected a whole number from 1 to 1000000000, got -5."],
    ["train --steps", "--steps: expected a whole number from 1 to 1000000000, got nothing."],
    ["train --steps --json", "--steps: expected a whole number from 1 to 1000000000, got nothing."],
    ["train --steps=", "--steps: expected a whole number from 1 to 1000000000, got an empty text."],
    ["train --no-steps", "--steps: expected a whole number from 1 to 1000000000, got nothing."],
    ["train --steps 5 --steps 6", "--steps: expected to stand once, got it 2 times."],
    ["train --lr 0", "--lr: expected a number above 0 and at most 1000, got 0."],
    ["train --lr Infinity", "--lr: expected a number above 0 and at most 1000, got Infinity."],
    ["train --clip -1", "--clip: expected a number of at least 0, got -1."],
    ["train --seed 4294967296", "--seed: expected a whole number from 0 to 4294967295, got 4294967296."],
    ["train --adapter fast", "--adapter: expected hardware or software, got fast."],
    ["train --out ''", "--out: expected a path, got an empty text."],
    ["train --no-json", "--json: expected no value, got false."],
    ["sample m.safetensors --temperature -0.1", "--temperature: expected a number of at least 0, got -0.1."],
    ["sample m.safetensors --temperature hot", "--temperature: expected a number of at least 0, got hot."],
    ["sample m.safetensors --top-p 0", "--top-p: expected a number above 0 and at most 1, got 0."],
    ["sample m.safetensors --top-p 1.5", "--top-p: expected a number above 0 and at most 1, got 1.5."],
    ["sample m.safetensors --top-k -1", "--top-k: expected a whole number from 0 to 1000000000, got -1."],
    ["sample m.safetensors --length 1.5", "--length: expected a whole number from 0 to 1000000000, got 1.5."],
    ["sample", "webgpu-rnn sample: expected <CHECKPOINT>, got nothing."],
    ["train a.txt b.txt", "webgpu-rnn train: expected [FILE], got a.txt b.txt."],
    ["info me", "webgpu-rnn info: expected nothing beside its options, got me."],
    ["trian", "webgpu-rnn: expected one of the commands train, sample, info, bench, got trian."],
  ])("%s", async (line, message) => {
    const error = await refusal(line);
    expect(error.message).toBe(message);
    expect(error).toBeInstanceOf(UsageError);
  });

  test.each(["--hiden 5", "--x", "-x", "--version"])("train %s", async (options) => {
    const error = await refusal(`train ${options}`);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(/^-+\w+: expected one of --cell, --hidden, .*, got an option that this command/);
  });
});

describe("values arrive as they were given", () => {
  const parse = (...words: string[]) => markValues(words, sampleOptions);

  test.each([
    [["--prompt", "007"], ["--prompt==007"]],
    [["--prompt", "-5"], ["--prompt==-5"]],
    [["--prompt", " "], ["--prompt== "]],
    [["--prompt=a=b"], ["--prompt==a=b"]],
    [["--prompt=--json"], ["--prompt==--json"]],
    [
      ["m", "--greedy", "--top-k", "3", "--", "--prompt", "x"],
      ["m", "--greedy=true", "--top-k==3", "--", "--prompt", "x"],
    ],
  ])("%j", (words, marked) => expect(parse(...words)).toEqual(marked));

  test("read by their options", () => {
    const parsed = { "--": [], prompt: "=007", topK: "=3", greedy: true, temperature: "=.5" };
    expect(readOptions(sampleOptions, parsed)).toEqual({ prompt: "007", topK: 3, greedy: true, temperature: 0.5 });
  });
});

test("every option has a flag of its own and says in the help what it does", () => {
  const flags = Object.keys(trainOptions).map(flagOf);
  expect(new Set(flags).size).toBe(flags.length);
  expect(flags).toContain("--top-k");
  for (const { help } of Object.values(trainOptions)) expect(help).not.toBe("");
});
