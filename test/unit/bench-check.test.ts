import { describe, expect, test } from "vitest";
import { playStep, relativeError } from "../../bench/check.ts";
import { columnSum } from "../../src/kernels.ts";
import { OracleMemory } from "../../src/oracle/play.ts";
import { tensor } from "../../src/tensor.ts";

describe("relative error", () => {
  test("is relative to the element where that is large, else to what is usual", () => {
    expect(relativeError([10.1, 1], Float64Array.of(10, 1))).toBeCloseTo(0.01, 12);
    expect(relativeError([3, 4, 0.5], Float64Array.of(3, 4, 0))).toBeCloseTo(0.5 / Math.sqrt(12.5), 12);
  });

  test("is infinite where nothing but zeros is wanted, and where ids differ", () => {
    expect(relativeError([0, 1e-9], Float64Array.of(0, 0))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([7, 9], Uint32Array.of(7, 8))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([7, 8], Uint32Array.of(7, 8))).toBe(0);
  });

  test("is not a number, and so no agreement, where one of the results is not", () => {
    expect(relativeError([Number.NaN, 1], Float64Array.of(1, 1))).toBeNaN();
    expect(relativeError([], Float64Array.of(1))).toBeNaN();
  });
});

test("a twin's results are rounded to float32, as the device would leave them", () => {
  const [a, out] = [tensor("a", [2, 1]), tensor("out", [1])];
  const oracle = new OracleMemory();
  oracle.write(a, [1, 2 ** -30]);
  const dims = { m: 2, n: 1, second: 0, a_part: 0, out_part: 0 };
  const step = { label: "sum", variant: { kernel: columnSum }, bindings: { a, out }, dims, multiplyAdds: 0 };
  playStep({ ...step, workgroups: [1, 1, 1] }, oracle);
  expect([...oracle.read(out)]).toEqual([1]);
});
