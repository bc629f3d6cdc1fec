import { describe, expect, test, vi } from "vitest";
import { characterJob, SMALL } from "../../bench/learning/characters.ts";
import { measureLearning } from "../../bench/learning/run.ts";
import { TASKS, taskJob } from "../../bench/learning/tasks.ts";

vi.mock("../../src/node/install.ts", () => ({ provideAdapter: () => Promise.reject(new Error("a device is opened")) }));

const size = { time: 22, hidden: 3, batch: 2, steps: 3 };

describe.each(Object.entries(TASKS))("%s", (_, task) => {
  test("has a batch for each step, and others held out", () => {
    const { training, heldOut, at } = taskJob(task, size, 1);
    expect(training).toHaveLength(at.at(-1) as number);
    for (const { inputs, targets, lengths } of [...training, ...heldOut]) {
      expect([inputs.length, targets.length, lengths?.length ?? 2]).toEqual([2, 2, 2]);
    }
    const held = heldOut.flatMap(({ inputs }) => inputs.map((row) => Array.from(row).join()));
    expect(training[0]?.inputs.map((row) => Array.from(row).join())).not.toEqual(held.slice(0, 2));
  });

  test("gives the same rows for a seed", () => {
    expect(taskJob(task, size, 1).training).toEqual(taskJob(task, size, 1).training);
    expect(taskJob(task, size, 1).training).not.toEqual(taskJob(task, size, 2).training);
  });
});

test.each([
  [["banana"], undefined, /^bench learning: expected some of adding, .*, characters, got banana\.$/],
  [["adding", ""], undefined, /^bench learning: expected some of .*, got an empty name\.$/],
  [
    ["characters"],
    undefined,
    /^bench learning: expected a text for characters, got none\. Name one with --text FILE\.$/,
  ],
  [[], "no/such.txt", /^no\/such\.txt: expected a text file, got no such file\.$/],
  [["adding", "sine"], "README.md", /^--text: expected to stand with characters, got it with adding sine\.$/],
  [[], "", /^--text: expected a text file, got an empty name\.$/],
])("%j with the text %j is refused before a device is opened", async (tasks, text, message) => {
  await expect(measureLearning({ tasks, text }, () => undefined)).rejects.toThrow(message);
});

test("what is asked for as it must be opens a device", async () => {
  await expect(
    measureLearning({ tasks: ["adding", "characters"], text: "README.md" }, () => undefined),
  ).rejects.toThrow("a device is opened");
});

test("a size may have a learning rate of its own", () => {
  const { adding } = TASKS;
  expect(adding && taskJob(adding, size, 1).learningRate).toBe(adding?.learningRate);
  expect(adding && taskJob(adding, { ...size, learningRate: 0.5 }, 1).learningRate).toBe(0.5);
});

test("the character model goes through its text as often as its steps ask for", () => {
  const text = "abcdefgh\n".repeat(200);
  const { training, heldOut } = characterJob(text, { ...SMALL, batch: 2, time: 16, at: [10, 60] }, 1);
  expect(training).toHaveLength(60);
  expect(training.filter(({ start }) => start)).toHaveLength(2);
  expect(heldOut[0]?.inputs[0]).toHaveLength(16);
});
