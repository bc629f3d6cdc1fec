import { describe, expect, test } from "vitest";
import { cutLines, formatBits, formatClock, formatColumns, formatDuration } from "../../src/cli/format.ts";
import { invocation, quoted } from "../../src/cli/invocation.ts";
import { RunningMean } from "../../src/cli/mean.ts";
import { Occasion } from "../../src/cli/occasion.ts";
import { type Progress, progressBar, progressText } from "../../src/cli/progress-line.ts";

test.each([
  [0, "0:00"],
  [-3, "0:00"],
  [65.4, "1:05"],
  [3599.6, "1:00:00"],
  [3723, "1:02:03"],
])("%s seconds left are %s", (seconds, text) => expect(formatClock(seconds)).toBe(text));

test.each([
  [0.84, "0.8 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [151, "2 min 31 s"],
  [3599.7, "1 h 0 min"],
  [7500, "2 h 5 min"],
])("%s seconds took %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test("a loss of ln 2 nats is one bit", () => expect(formatBits(Math.LN2)).toBe("1.00"));

test("lines are cut where the terminal ends", () => expect(cutLines("abc\nabcd\n", 3)).toBe("abc\nab…\n"));

test("columns stand below each other", () =>
  expect(
    formatColumns([
      ["a", "1"],
      ["bcd", "2"],
    ]),
  ).toBe("a    1\nbcd  2"));

describe("progress", () => {
  const progress: Progress = {
    step: 30,
    steps: 120,
    loss: 2,
    heldOut: undefined,
    tokensPerSecond: 1234.5,
    secondsLeft: 90,
  };
  const heldOut = { ...progress, heldOut: Math.LN2 * 3 };

  test("bits are those of the held-out text once there are some", () => {
    expect(progressText(progress)).toBe(" 30/120  loss 2.00 (2.89 bits)  1,235 tokens/s  1:30 left");
    expect(progressText(heldOut)).toBe(" 30/120  loss 2.00  held-out 2.08 (3.00 bits)  1,235 tokens/s  1:30 left");
  });

  test("the bar takes the columns that are left, and none where they are few", () => {
    expect(progressBar(progress, 200)).toBe(`${"█".repeat(8)}${"░".repeat(22)} ${progressText(progress)}`);
    expect(progressBar(heldOut, 80)).toMatch(/^█+░+ /);
    expect(progressBar(heldOut, 80)).toHaveLength(80);
    expect(progressBar(heldOut, 75)).toBe(progressText(heldOut));
  });
});
test("a running mean starts at its first value and forgets it", () => {
  const mean = new RunningMean(2);
  expect(mean.value).toBeNaN();
  mean.add(8);
  expect(mean.value).toBe(8);
  mean.add(5); // (8 / 2 + 5) / (1 / 2 + 1)
  expect(mean.value).toBe(6);
  for (let i = 0; i < 100; i++) mean.add(1);
  expect(mean.value).toBeCloseTo(1, 12);
});

test("an occasion comes after its pause, and again when its share of the time allows it", () => {
  const occasion = new Occasion(2, 0.1, 100);
  expect(occasion.due(101.9)).toBe(false);
  expect(occasion.due(102)).toBe(true);
  occasion.took(102, 103); // one second in ten
  expect(occasion.due(106)).toBe(false);
  expect(occasion.due(110)).toBe(true);
  occasion.took(110, 110.1);
  expect(occasion.due(112)).toBe(false);
  expect(occasion.due(112.2)).toBe(true);
});

test.each([
  ["/usr/local/bin/webgpu-rnn", "webgpu-rnn"],
  ["/home/me/project/node_modules/.bin/webgpu-rnn", "npx webgpu-rnn"],
  ["/home/me/project/dist/cli.js", "node dist/cli.js"],
  ["/home/me/other place/dist/cli.js", "node '../other place/dist/cli.js'"],
])("%s was called as %s", (script, command) => expect(invocation(script, "/home/me/project")).toBe(command));

test("a path is quoted where a shell would cut it", () => {
  expect(quoted("a/b-1.txt")).toBe("a/b-1.txt");
  expect(quoted("it's here.txt")).toBe("'it'\\''s here.txt'");
});
