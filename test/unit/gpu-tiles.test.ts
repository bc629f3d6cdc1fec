import { describe, expect, test } from "vitest";
import { addPartialSums, columnSums } from "../../src/ops/column-sum.ts";
import { backwardTile } from "../../src/ops/embedding-tiles.ts";
import { Recorder } from "../../src/plan/recorder.ts";
import { tensor } from "../../src/tensor.ts";
import type { Target } from "../../src/variant.ts";

const GPU: Target = { storage: 16_384, invocations: 256, software: false };

describe("column sums", () => {
  const summed = (target: Target, m: number, n: number) => {
    const recorder = new Recorder({ target });
    columnSums(recorder, "sums", [{ a: tensor("a", [m, n]), out: tensor("out", [n]) }]);
    const [step] = recorder.finish("sums").steps;
    return [step?.variant.constants, step?.workgroups];
  };

  test("of many rows have 32 invocations a column on a GPU", () => {
    expect(summed(GPU, 256, 65)).toEqual([{ COLUMNS: 8, ROWS: 32 }, [9, 1, 1]]);
  });

  test("of fewer rows, and on a CPU, have four", () => {
    const four = [{ COLUMNS: 32, ROWS: 4 }, [3, 1, 1]];
    expect(summed(GPU, 255, 65)).toEqual(four);
    expect(summed({ ...GPU, software: true }, 256, 65)).toEqual(four);
  });

  test("of gradients in parts have workgroups for the longest, wherever it stands", () => {
    const recorder = new Recorder({ target: GPU });
    for (const n of [8, 100, 33]) recorder.partialSums(tensor(`gradient ${n}`, [n]), 2);
    addPartialSums(recorder);
    expect(recorder.finish("sums").steps.map(({ workgroups }) => workgroups)).toEqual([[4, 1, 3]]);
  });
});

test("a workgroup owns a row of a table of at most 1,024 on a GPU, eight on a CPU, more of a larger table", () => {
  const rows = (vocabulary: number, software: boolean) =>
    backwardTile(vocabulary, 64, { ...GPU, software }).constants.SPAN;
  expect([rows(1024, false), rows(1025, false)]).toEqual([1, 32]);
  expect([rows(1024, true), rows(1025, true)]).toEqual([8, 32]);
});
