import { expect, test } from "vitest";
import { compare, type Result, readResult } from "../../bench/compare.ts";

const row = (rival: string, milliseconds?: number) => ({
  workload: "step",
  rival,
  samples: [],
  ...(milliseconds === undefined ? {} : { milliseconds }),
});
const before: Result = {
  adapter: "some gpu",
  date: "2026-01-01",
  commit: "abc",
  rows: [row("webgpu-rnn", 4), row("jax-wasm", 8), row("tfjs-wasm")],
};

test("two results are compared by the rows that both have timed", () => {
  const after = { ...before, commit: "def", rows: [row("jax-wasm", 4), row("tfjs-wasm", 5), row("webgpu-rnn", 5)] };
  expect(compare(before, after).split("\n")).toEqual([
    "                  abc, ms  def, ms  ratio",
    "step: webgpu-rnn        4        5   1.25",
    "step: jax-wasm          8        4    0.5",
    "timed in the second alone: 1 row",
  ]);
});

test("kernels are told apart by their shapes; training and sampling have rows of their own", () => {
  const kernel = { variant: "gemm", label: "product", milliseconds: 2 };
  const kernels = ["[2]", "[3]"].map((shapes) => ({ ...kernel, shapes })) as unknown as Result["kernels"];
  const training = [{ machine: "scan", milliseconds: 30 }] as unknown as Result["training"];
  const sampling = { tokens: 200, milliseconds: 9 } as unknown as Result["sampling"];
  const result = { adapter: { name: "some gpu" }, date: "2026-01-02", kernels, training, sampling } as Result;
  expect(
    compare(result, result)
      .split("\n")
      .map((line) => line.split(/ {2,}/)[0]),
  ).toEqual(["", "gemm, product, [2]", "gemm, product, [3]", "training step, scan", "200 tokens"]);
});

test("steps are told apart by all their sizes", () => {
  const work = { kind: "training", cell: "gru", hidden: 8, layers: 1, batch: 2, time: 3 } as const;
  const steps = [
    { work: { ...work, machine: "scan" }, milliseconds: 4 },
    { work: { ...work, time: 5 }, failure: "left out" },
  ] as Result["steps"] & object;
  expect(compare({ ...before, steps }, { ...before, rows: [], steps }).split("\n")[1]).toMatch(
    /^gru, training, scan, H 8, B 2, T 3, L 1 +4 +4 +1$/,
  );
});

test("results of two adapters, and results with nothing in common, are refused", () => {
  expect(() => compare(before, { ...before, adapter: { name: "another" } })).toThrow(
    "compare: expected results of one adapter, got one of some gpu and one of another.",
  );
  expect(() => compare(before, { adapter: "some gpu", date: "2026-01-02" })).toThrow(
    "compare: expected rows that both results have, got none.",
  );
});

test("a result of a run that was stopped is told", () => {
  const line = (which: string) => `the ${which} is unfinished: its run has not come to its end`;
  const stopped: Result = { ...before, unfinished: true };
  expect(compare(before, stopped).split("\n").slice(3)).toEqual([line("second")]);
  expect(compare(stopped, stopped).split("\n").slice(3)).toEqual([line("first"), line("second")]);
});

test("the runtimes of two results are told", () => {
  const versions = { node: "24.1.0", platform: "linux x64" };
  const head = ([a, b]: Result["versions"][]) =>
    compare({ ...before, ...(a && { versions: a }) }, { ...before, ...(b && { versions: b }) }).split("\n")[0];
  expect(head([versions, { ...versions, browser: "Chrome/140.0" }])).toMatch(
    /^ +abc, node 24.1.0, ms +abc, Chrome\/140.0, ms +ratio$/,
  );
  expect(head([{ ...versions, deno: "2.5.0" }, undefined])).toMatch(/^ +abc, deno 2.5.0, ms +abc, ms +ratio$/);
});

test("files that are no results, and results of other kinds, are refused by name", () => {
  const told = { adapter: { name: "some gpu" }, date: "2026-01-01" };
  for (const kept of [{ kernels: [] }, { steps: [] }, { rows: [], workloads: [] }]) {
    expect(readResult("a.json", JSON.stringify({ ...told, ...kept }))).toEqual({ ...told, ...kept });
  }
  const expected = "a.json: expected a result of the bench without a word, or of kernels, steps or rivals, got";
  for (const [text, got] of [
    ["{", "what is no JSON"],
    ["null", "JSON without an adapter and a date"],
    ["[]", "JSON without an adapter and a date"],
    ['{ "adapter": null, "date": "2026-01-01" }', "JSON without an adapter and a date"],
    [JSON.stringify({ ...told, growth: [] }), "one of growth"],
    [JSON.stringify({ ...told, learning: [] }), "one of learning"],
    [JSON.stringify({ ...told, rows: [] }), "one of cudnn"],
    [JSON.stringify(told), "one with none of their rows"],
    [JSON.stringify({ ...told, steps: [], commit: 7 }), "one whose commit is no text"],
    [JSON.stringify({ ...told, steps: [], versions: null }), "one whose versions are no texts"],
    [JSON.stringify({ ...told, steps: [], versions: { node: 24 } }), "one whose versions are no texts"],
    [
      JSON.stringify({ ...told, workloads: [], rows: [row("jax-wasm", 4), row("jax-wasm", -4)] }),
      "one whose rows have at 1 what is no row of theirs",
    ],
    [JSON.stringify({ ...told, kernels: [null] }), "one whose kernels have at 0 what is no row of theirs"],
    [JSON.stringify({ ...told, kernels: [], rows: 5 }), "one whose rows are no list"],
    [JSON.stringify({ ...told, steps: [{ work: null }] }), "one whose steps have at 0 what is no row of theirs"],
    [JSON.stringify({ ...told, kernels: [], sampling: 3 }), "one whose sampling is none"],
  ] as const) {
    expect(() => readResult("a.json", text)).toThrow(`${expected} ${got}.`);
  }
});
