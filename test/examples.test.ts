import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { build } from "vite";
import { beforeAll, describe, expect, test } from "vitest";

const project = new URL("../", import.meta.url);
const examples = new URL("demo/examples/", project);

/** Shares that an example has to get right beyond those of its baseline. */
const MORE: Record<string, number> = {
  classification: 0.6,
  "feed-forward": 0.3,
  reber: 0.3,
  reversal: 0.7,
  tagger: 0.4,
};

/** What is left, at most, of the baseline's error. */
const LESS: Record<string, number> = {
  characters: 0.5,
  forecast: 0.6,
  "one-to-many": 0.5,
  regression: 0.1,
  sine: 0.5,
  "temporal-convolution": 0.75,
};

/** The last line's first number, the score, and its last, the baseline's. */
function run(name: string): { score: number; baseline: number } {
  const command = [new URL("dist/main.js", examples).pathname, name];
  const output = execFileSync(process.execPath, command, { cwd: project, encoding: "utf8", timeout: 120_000 });
  const numbers =
    output
      .trimEnd()
      .split("\n")
      .at(-1)
      ?.match(/\b\d[\d.]*(e-?\d+)?/g) ?? [];
  return { score: Number(numbers[0]), baseline: Number(numbers.at(-1)) };
}

describe("examples", () => {
  beforeAll(() => build({ configFile: new URL("vite.config.ts", examples).pathname, logLevel: "warn" }));

  const files = readdirSync(examples).filter((file) => /^(?!main|vite).*\.ts$/.test(file));

  test("all are held against a baseline", () => {
    expect(files.map((file) => file.replace(".ts", "")).sort()).toEqual(Object.keys({ ...MORE, ...LESS }).sort());
  });

  test.each(files)("%s has at most 40 lines", (file) => {
    expect(readFileSync(new URL(file, examples), "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(40);
  });

  test.each(Object.entries(MORE))(
    "%s gets more right than its baseline by %d",
    (name, margin) => {
      const { score, baseline } = run(name);
      expect(score).toBeGreaterThanOrEqual(baseline + margin);
    },
    120_000,
  );

  test.each(Object.entries(LESS))(
    "%s has less than %d of its baseline's error",
    (name, share) => {
      const { score, baseline } = run(name);
      expect(score).toBeLessThanOrEqual(baseline * share);
    },
    120_000,
  );
});
