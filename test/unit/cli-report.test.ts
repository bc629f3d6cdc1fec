import { describe, expect, test } from "vitest";
import { jsonReporter } from "../../src/cli/json-reporter.ts";
import { closing, heading } from "../../src/cli/report-text.ts";
import type { Summary } from "../../src/cli/reporter.ts";
import { newRun } from "../../src/cli/run.ts";
import type { Gpu } from "../../src/gpu/device.ts";

const run = newRun(
  { name: "a.txt", content: "to be or not to be ".repeat(20), mark: { file: "a.txt", sha256: "" } },
  { hidden: 8, batch: 2, time: 10, steps: 6 },
);
const gpu = { adapter: { name: "SwiftShader", software: true } } as Gpu;
const summary: Summary = {
  steps: 6,
  loss: 1.5,
  validationLoss: 2 * Math.LN2,
  validationStep: 6,
  seconds: 61,
  dispatchesPerStep: 17,
  submitsPerStep: 1,
  buffersCreatedPerStep: 0,
  checkpoint: "m.safetensors",
  curve: "m.svg",
  interrupted: false,
  written: true,
  next: { sample: "webgpu-rnn sample m.safetensors", resume: "webgpu-rnn train --resume m.safetensors --steps 12" },
};

describe("jsonReporter", () => {
  const lines = (work: (reporter: ReturnType<typeof jsonReporter>) => void): unknown[] => {
    let text = "";
    work(
      jsonReporter((line) => {
        text += line;
      }),
    );
    expect(text === "" || text.endsWith("\n")).toBe(true);
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  };

  test("start", () => {
    expect(lines((reporter) => reporter.start(run, gpu))).toEqual([
      {
        event: "start",
        adapter: "SwiftShader",
        software: true,
        parameters: run.model.size,
        text: "a.txt",
        characters: 342,
        heldOutCharacters: 38,
        vocabulary: 7,
        batch: 2,
        time: 10,
        steps: 6,
        learningRate: run.options.learningRate,
        clipNorm: 1,
        seed: 0,
      },
    ]);
  });

  test("one line a step, samples, and no other events on the way", () => {
    const steps = [7, 8].map((step) => ({ step, loss: 3 / step, tokensPerSecond: 100 }));
    expect(
      lines((reporter) => {
        reporter.event({ kind: "steps", steps });
        reporter.event({ kind: "validation", point: { step: 8, loss: 1 } });
        reporter.event({ kind: "sample", step: 8, text: "a\nb" });
        reporter.event({ kind: "refused", step: 9 });
        reporter.close();
      }),
    ).toEqual([...steps.map((step) => ({ event: "step", ...step })), { event: "sample", step: 8, text: "a\nb" }]);
  });

  test("end", () => {
    const { next: _, ...figures } = summary;
    expect(lines((reporter) => reporter.end(summary))).toEqual([{ event: "end", ...figures }]);
  });
});

test("the heading says what runs on what", () => {
  const text = heading(run, "SwiftShader (software, on the CPU)", Number.POSITIVE_INFINITY);
  expect(text).toContain("adapter   SwiftShader (software, on the CPU)\n");
  expect(text).toContain("a.txt: 342 characters, 7 different; 38 more held out");
  expect(text).toContain("steps 1 to 6 of 2 × 10 characters");
  expect(text).toContain(String(run.model).split("\n")[0]);
  expect(heading({ ...run, heldOut: undefined }, "", 999)).toContain(
    "none held out, since a share of 0.1 would leave one part too short",
  );
});

test("the closing says what was reached, where it lies and how to go on", () => {
  expect(closing(summary)).toBe(
    [
      "done: step 6, 1 min 1 s, loss 1.500, held-out 1.386 (2.00 bits a character, perplexity 4.000)",
      "",
      "checkpoint      m.safetensors",
      "learning curve  m.svg",
      "write text      webgpu-rnn sample m.safetensors",
      "train on        webgpu-rnn train --resume m.safetensors --steps 12",
    ].join("\n"),
  );
  const early = { ...summary, interrupted: true, steps: 3, loss: null, validationLoss: null, validationStep: null };
  expect(closing(early)).toMatch(/^stopped after step 3, 1 min 1 s\n/);
  expect(closing({ ...summary, interrupted: true, steps: 9 })).toMatch(
    /^stopped after step 9, .* loss 1.500, held-out 1.386 at step 6 \(2.00 bits/,
  );
  expect(closing({ ...early, written: false })).toBe("stopped before the first step; nothing was written");
});
