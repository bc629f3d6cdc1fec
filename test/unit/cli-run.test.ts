import { describe, expect, test } from "vitest";
import { drawing, drawn } from "../../src/cli/drawing.ts";
import { holdOut } from "../../src/cli/held-out.ts";
import { History } from "../../src/cli/history.ts";
import { resumedRun } from "../../src/cli/resume.ts";
import { newRun } from "../../src/cli/run.ts";
import { builtInText, type Text } from "../../src/cli/text.ts";
import { characters } from "../../src/data/characters.ts";
import type { Checkpoint } from "../../src/io/checkpoint.ts";
import type { GenerateOptions, Sampler } from "../../src/train/sampler.ts";

const text = (content: string, file: string | null = "a.txt"): Text => ({
  name: file ?? "built-in corpus",
  content,
  mark: { file, sha256: content },
});

const content = "to be or not to be ".repeat(20); // 380 characters
const sizes = { hidden: 8, batch: 2, time: 10, steps: 6, seed: 3 };

/** What a run of 6 steps leaves. */
function checkpoint(options: object = {}): Checkpoint {
  const { model, vocabulary, options: set } = newRun(text(content), sizes);
  const state = { steps: 6, counters: [6, 6, 0, 0], tensors: new Map() };
  return { model, vocabulary, weights: new Map(), training: { options: { ...set, cursor: 6, ...options }, state } };
}

describe("holdOut", () => {
  const ids = (length: number) => Uint32Array.from({ length }, (_, id) => id);

  test("cuts the last tenth off, in few enough rows to last", () => {
    const { training, heldOut } = holdOut("a.txt", ids(10_000), 16, 8, 0.1);
    expect(training.length).toBe(9000);
    expect(heldOut).toMatchObject({ characters: 1000, batch: 15, time: 8 }); // 15 rows of 8 × 8 in 999
    const [first] = heldOut?.batches ?? [];
    expect(first?.inputs[0]?.[0]).toBe(9000);
    expect(holdOut("a.txt", ids(100_000), 16, 8, 0.1).heldOut?.batch).toBe(16);
  });

  test("keeps a text whole that is too short for that", () => {
    // 36 held-out ids do for a row of 35; 324 others do for 9 rows of 35 + 1, not for 10.
    expect(holdOut("a.txt", ids(360), 9, 35, 0.1).heldOut).toMatchObject({ batch: 1, time: 35 });
    expect(holdOut("a.txt", ids(354), 9, 35, 0.1)).toEqual({ training: ids(354), heldOut: undefined });
    expect(holdOut("a.txt", ids(360), 10, 35, 0.1)).toEqual({ training: ids(360), heldOut: undefined });
  });

  test("holds out what is asked for, or nothing", () => {
    expect(holdOut("a.txt", ids(10_000), 16, 8, 0.25).heldOut?.characters).toBe(2500);
    expect(holdOut("a.txt", ids(10_000), 16, 8, 0)).toEqual({ training: ids(10_000), heldOut: undefined });
  });

  test("refuses a text shorter than a batch", () => {
    expect(() => holdOut("a.txt", ids(160), 10, 16, 0.1)).toThrow(
      "a.txt: expected at least 161 characters (--batch 10 × --time 16 + 1), got 160. Give a longer text, or a smaller",
    );
  });
});

describe("newRun", () => {
  test("builds the model that the text and the options ask for", () => {
    const { model, vocabulary, options } = newRun(text(content), { ...sizes, cell: "gru", layers: 2 });
    expect(vocabulary.characters.join("")).toBe(" benort");
    expect(model.layers.map(({ kind, config }) => [kind, config])).toEqual([
      ["embedding", { vocabulary: 7, features: 64 }],
      ["gru", { inputs: 64, hidden: 8, layers: 2 }],
      ["linear", { inputs: 8, outputs: 7 }],
    ]);
    expect(options).toMatchObject({ batch: 2, time: 10, steps: 6, seed: 3, cursor: 0, clipNorm: 1 });
  });
});

describe("resumedRun", () => {
  test("goes on where the run has stopped, on the same text", () => {
    const run = resumedRun(checkpoint(), "m.safetensors", text(content), { steps: 9, lr: 0.1 });
    expect(run.options).toMatchObject({ batch: 2, time: 10, steps: 9, seed: 3, cursor: 6, learningRate: 0.1 });
    expect(run.before?.state.steps).toBe(6);
  });

  test("holds out as much as the run did, a tenth where the checkpoint does not say", () => {
    expect(resumedRun(checkpoint({ validation: 0.3 }), "m", text(content), { steps: 9 }).heldOut?.characters).toBe(114);
    const { heldOut, options } = resumedRun(checkpoint({ validation: undefined }), "m", text(content), { steps: 9 });
    expect([heldOut?.characters, options.validation]).toEqual([38, 0.1]);
  });

  test("takes an option that says the same again, and an interrupted run's own steps", () => {
    const options = { hidden: 8, layers: 1, batch: 2, time: 10, seed: 3 };
    expect(resumedRun(checkpoint({ steps: 50 }), "m", text(content), options).options.steps).toBe(50);
  });

  test("begins another text at its start, with the old vocabulary", () => {
    const other = resumedRun(checkpoint(), "m", text("tobe ".repeat(99), "b.txt"), { steps: 9 });
    expect(other.options).toMatchObject({ cursor: 0, text: { file: "b.txt" } });
    expect(other.vocabulary.size).toBe(7);
  });

  test.each([
    [
      { cell: "gru" as const },
      "--cell: expected lstm, as in m.safetensors, got gru. Leave it out, or leave --resume out.",
    ],
    [{ hidden: 16 }, "--hidden: expected 8, as in m.safetensors, got 16. Leave it out, or leave --resume out."],
    [{ layers: 2 }, "--layers: expected 1, as in m.safetensors, got 2."],
    [{ batch: 4 }, "--batch: expected 2, as in m.safetensors, got 4."],
    [{ time: 20 }, "--time: expected 10, as in m.safetensors, got 20."],
    [{ validation: 0.2 }, "--validation: expected 0.1, as in m.safetensors, got 0.2."],
    [{ seed: 0 }, "--seed: expected 3, as in m.safetensors, got 0."],
    [
      { steps: 6 },
      "--steps: expected more than the 6 that here/m.safetensors has behind it, got 6. Such as --steps 12.",
    ],
    [{}, "--steps: expected more than the 6 that here/m.safetensors has behind it, got 6."],
  ])("refuses %j", (given, message) => {
    expect(() => resumedRun(checkpoint(), "here/m.safetensors", text(content), given)).toThrow(message);
  });

  test("refuses a text with other characters, naming them", () => {
    expect(() => resumedRun(checkpoint(), "m", text(`${content}§`), { steps: 9 })).toThrow(
      'a.txt: expected only characters of the vocabulary (7 characters), got "§".',
    );
  });

  test("refuses to go on without the text of the run", () => {
    expect(() => resumedRun(checkpoint(), "m", builtInText(), { steps: 9 })).toThrow(
      "FILE: expected the text of m, such as a.txt, got none.",
    );
  });

  test("refuses a checkpoint that is no run of train", () => {
    const { model, vocabulary, weights, training } = checkpoint();
    const refusal = (got: string) => `m: expected a checkpoint of webgpu-rnn train, got ${got}.`;
    for (const [other, got] of [
      [{ model, vocabulary, weights }, "one without its training state"],
      [{ model, weights, training }, "one that another program has trained"],
      [
        { model, vocabulary, weights, training: { options: {}, state: training?.state as never } },
        "one that another program has trained",
      ],
    ] as const) {
      expect(() => resumedRun(other, "m", text(content), { steps: 9 })).toThrow(refusal(got));
    }
  });
});

describe("drawing", () => {
  const fallback = { length: 5, seed: 1 };

  test("begins behind the end of a line, or behind the first character where there are no lines", () => {
    expect(drawing(characters("b\na"), {}, fallback)).toMatchObject({ opening: "", options: { length: 5, seed: 1 } });
    expect([...(drawing(characters("b\na"), {}, fallback).options.prompt as Uint32Array)]).toEqual([0]);
    expect([...(drawing(characters("xba"), {}, fallback).options.prompt as Uint32Array)]).toEqual([0]);
  });

  /** What is drawn without a prompt when the model draws these characters, over and over. */
  const text = (written: string, length: number) => {
    const vocabulary = characters(written);
    async function* generate(options: GenerateOptions) {
      for (let i = 0; i < options.length; i++) yield vocabulary.encode(written)[i % written.length] as number;
    }
    return drawn({ generate } as unknown as Sampler, drawing(vocabulary, {}, { length, seed: 0 }));
  };

  test("runs in without a prompt, to the first line's end or for 64 characters", async () => {
    expect(await text("ab\ncd", 4)).toBe("cdab");
    expect(await text("abcdefg", 5)).toBe("bcdef"); // 64 = 9 · 7 + 1
    expect(await text("abcdefg", 0)).toBe("");
  });

  test("takes what is given", () => {
    const given = { prompt: "ab", length: 9, topK: 3, topP: 0.5, temperature: 2, seed: 4 };
    const { opening, options } = drawing(characters("cab"), given, fallback);
    expect(opening).toBe("ab");
    expect(options).toEqual({ ...given, prompt: Uint32Array.of(0, 1) });
    expect(drawing(characters("cab"), { greedy: true }, fallback).options.temperature).toBe(0);
  });

  test("refuses characters never seen, and greed with a temperature", () => {
    expect(() => drawing(characters("cab"), { prompt: "abž" }, fallback)).toThrow(
      '--prompt: expected only characters of the vocabulary (3 characters), got "ž".',
    );
    expect(() => drawing(characters("cab"), { greedy: true, temperature: 0.5 }, fallback)).toThrow(
      "--greedy: expected no --temperature beside it, got 0.5.",
    );
  });
});

test("a history comes back from its tensors", () => {
  const history = new History();
  const steps = [1, 2].map((step) => ({ step, loss: 4 / step, tokensPerSecond: 9 }));
  history.add({ kind: "steps", steps });
  history.add({ kind: "validation", point: { step: 2, loss: 2.5 } });
  const again = new History(history.toTensors());
  expect(again.points).toEqual([
    { step: 1, loss: 4 },
    { step: 2, loss: 2 },
  ]);
  expect(again.validation).toEqual([{ step: 2, loss: 2.5 }]);
});
