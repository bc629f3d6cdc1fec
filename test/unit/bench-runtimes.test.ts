import { expect, test } from "vitest";
import { readCommand } from "../../bench/commands.ts";
import { read, written } from "../../bench/json.ts";
import { runtimeOf } from "../../bench/runtimes.ts";

test("a runtime that nobody knows is refused", () => {
  expect(runtimeOf("firefox")).toBe("firefox");
  expect(() => runtimeOf("netscape")).toThrow(
    "--runtime: expected some of node, deno, chromium, firefox, got netscape.",
  );
});

test("a command takes what counts for it", () => {
  expect(readCommand([])).toEqual({ command: "own", words: [] });
  expect(readCommand(["rivals", "--small", "--only", "a,b", "--runtime", "deno"])).toEqual({
    ...{ command: "rivals", words: [], small: true, only: "a,b", runtime: "deno" },
  });
  expect(readCommand(["learning", "adding", "--text", "a.txt"])).toEqual({
    ...{ command: "learning", words: ["adding"], text: "a.txt" },
  });
  for (const asked of [["--help"], ["-h"], ["help"], ["kernels", "--help"]]) {
    expect(readCommand(asked)).toEqual({ command: "help", words: [] });
  }
  expect(readCommand(["compare", "a", "b"]).words).toEqual(["a", "b"]);
});

test.each([
  [["kernels", "--only", "gemm"], "--only: expected to stand with rivals, got it with kernels."],
  [["steps", "--text", "a.txt"], "--text: expected to stand with learning, got it with steps."],
  [["growth", "--small"], "--small: expected to stand with steps or rivals, got it with growth."],
  [
    ["cudnn", "--runtime", "node"],
    "--runtime: expected to stand with own or kernels or steps or growth or rivals, got it with cudnn.",
  ],
  [["steps", "lstm"], "bench steps: expected nothing, got lstm."],
  [["compare", "a.json"], "bench compare: expected two files, got a.json."],
  [["toString"], "npm run bench: expected one of own, kernels"],
  [["--fast"], "Unknown option '--fast'"],
])("%j is refused", (words, message) => {
  expect(() => readCommand(words)).toThrow(message);
});

test("numbers that JSON has not come back from a page as they went", () => {
  const value = { error: Number.POSITIVE_INFINITY, rows: [{ milliseconds: Number.NaN, name: "a" }], least: -0.5 };
  expect(read(written(value))).toEqual(value);
});
