import { expect, test } from "vitest";
import { benchText } from "../../src/cli/bench.ts";
import { cpuAdvice } from "../../src/cli/cpu-advice.ts";
import { measureWork } from "../../src/cli/measure-work.ts";
import { leastMilliseconds, multiplyAddsOf, type Work } from "../../src/cli/work.ts";
import type { Gpu } from "../../src/gpu/device.ts";

const work: Work = { kind: "training", cell: "gru", hidden: 64, layers: 1, batch: 32, time: 64 };
const heading = { adapter: "some gpu", date: "2026-01-01", versions: { "webgpu-rnn": "0.1.0", node: "24.1.0" } };

test("every size has a line, with dashes for what was not done, which is told with its reason", () => {
  const rows = [
    { work, milliseconds: 20, tokensPerSecond: 102_400, gigaflops: 25 },
    { work: { ...work, kind: "inference" }, milliseconds: 5, tokensPerSecond: 409_600, gigaflops: 33 },
    { work: { ...work, kind: "inference", hidden: 128 }, failure: "no room" },
    { work: { ...work, kind: "sampling", hidden: 128 }, milliseconds: 32, tokensPerSecond: 2000, gigaflops: 0.4 },
    { work: { ...work, hidden: 1024 }, leftOut: "left out: 9.0 s at best, above 2 s" },
  ] as const;
  const lines = benchText(heading, "gru", rows, "what to know").split("\n");
  expect(lines.slice(0, 2)).toEqual(["adapter  some gpu", "run      webgpu-rnn 0.1.0, node 24.1.0, 2026-01-01"]);
  expect(lines.filter((line) => /^ +\d/.test(line)).map((line) => line.trim().split(/ +/))).toEqual([
    ["64", "20", "102,400", "25", "5", "409,600", "–"],
    ["128", "–", "–", "–", "–", "–", "2,000"],
    ["256", ...new Array(6).fill("–")],
    ["512", ...new Array(6).fill("–")],
  ]);
  expect(lines.find((line) => line.startsWith("1024"))).toMatch(/^1024( +–){6}$/);
  expect(lines.slice(-3)).toEqual([
    "inference at H 128: no room",
    "training at H 1024: left out: 9.0 s at best, above 2 s",
    "what to know",
  ]);
});

test("a work that would take too long is left out, one that fails says why", async () => {
  const before = [{ work, gigaflops: 1e-3 }];
  const gpu = undefined as unknown as Gpu; // of which nothing is asked
  expect((await measureWork(gpu, { ...work, hidden: 1024 }, before)).leftOut).toMatch(
    /^left out: \d+\.\d s at best, above 2 s$/,
  );
  const failed = await measureWork(gpu, { ...work, hidden: 0 }, []);
  expect(failed.failure).toContain("hidden");
  expect(failed.milliseconds).toBeUndefined();
});

test("what a work takes at least is told by the best rate so far", () => {
  expect(leastMilliseconds(work, [])).toBe(0);
  expect(leastMilliseconds(work, [1, 2])).toBeCloseTo((2 * multiplyAddsOf(work)) / 2e6, 9);
});

test("advice is of the adapter on which it was measured; of others is said that it was not", () => {
  expect(cpuAdvice({ name: "google swiftshader SwiftShader driver 5.0.0", software: true })).toMatch(
    /as measured on SwiftShader with two cores: training from about 256 units up/,
  );
  expect(cpuAdvice({ name: "65541 llvmpipe (LLVM 15.0.6, 256 bits)", software: true })).toContain("on llvmpipe");
  for (const software of [true, false]) {
    expect(cpuAdvice({ name: "some adapter", software })).toContain(
      "on SwiftShader and llvmpipe only, not on this adapter",
    );
  }
});
