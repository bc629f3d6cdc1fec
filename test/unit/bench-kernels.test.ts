import { describe, expect, test } from "vitest";
import { better, raised, shareOf } from "../../bench/ceilings.ts";
import { beforeStep } from "../../bench/check.ts";
import { jobs, productJob } from "../../bench/jobs.ts";
import { benchKernels, type KernelRow, kernelFailures, kindsOf, MEASURED, trafficOf } from "../../bench/kernels.ts";
import { mainJobs } from "../../bench/sweep.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import * as kernels from "../../src/kernels.ts";
import { OracleMemory } from "../../src/oracle/play.ts";
import { Plan } from "../../src/plan/plan.ts";
import type { Step } from "../../src/plan/step.ts";
import { tensor } from "../../src/tensor.ts";

const SMALL = { vocabulary: 6, features: 4, hidden: 8, batch: 2, time: 8 };

const names = Object.values(kernels).map(({ name }) => name);

describe.each([true, false])("with plans for software: %s", (software) => {
  const plans = mainJobs({ storage: 16_384, invocations: 256, software }).map(({ plan }) => plan);

  test("every kernel is played by a job of the bench", () => {
    const played = new Set(plans.flatMap(({ steps }) => steps.map(({ variant }) => variant.kernel.name)));
    expect([...played].sort()).toEqual([...names].sort());
  });

  test("every dispatch moves at least one number", () => {
    for (const step of plans.flatMap(({ steps }) => steps)) {
      const bytes = trafficOf(step);
      expect(Number.isFinite(bytes) && bytes >= 4, `${step.label}: ${bytes}`).toBe(true);
    }
  });
});

test("the bench measures the kernels that there are and no others", () => {
  expect([...MEASURED].sort()).toEqual([...names].sort());
});

const step = (m: number, multiplyAdds: number): Step => ({
  label: `product of ${m} rows`,
  variant: { kernel: kernels.gemm },
  bindings: { a: tensor("a", [m, 3]), b: tensor("b", [3, 5]), c: tensor("c", [m, 5]) },
  dims: { m, n: 5, k: 3, b_offset: 0 },
  workgroups: [1, 1, 1],
  multiplyAdds,
});

test("dispatches of one variant and shape are one kind, shown by the middle one of those that multiply most", () => {
  const kinds = kindsOf(new Plan("plan", [step(2, 0), step(7, 105), step(2, 30), step(2, 30), step(2, 30)]));
  expect(kinds.map(({ place, count }) => ({ place, count }))).toEqual([
    { place: 1, count: 1 },
    { place: 3, count: 4 },
  ]);
});

test("a ceiling is the best of before, after and the fastest kernel", () => {
  const before = { gigaflops: 6, gigabytes: 4, tried: { "4 chains": [6], copy: [4] } };
  const after = { gigaflops: 15, gigabytes: 3, tried: { "4 chains": [15], copy: [3] } };
  const both = better(before, after);
  expect(both).toEqual({ gigaflops: 15, gigabytes: 4, tried: { "4 chains": [6, 15], copy: [4, 3] } });
  expect(shareOf({ gigaflops: 5, gigabytes: 1 }, raised(both, [{ gigaflops: 20, gigabytes: 1 }]))).toBe(0.25);
});

test("a product reads both operands and writes its result once", () => {
  expect(trafficOf(step(2, 30))).toBe(4 * (2 * 3 + 3 * 5 + 2 * 5));
  expect(trafficOf({ ...step(2, 30), workgroups: [1, 1, 3] })).toBe(3 * 4 * (2 * 3 + 3 * 5 + 2 * 5));
});

test("sums of parts that are not alike read each and write as many numbers as there are columns", () => {
  const numbers = { m: [3, 2, 9, 9], n: [5, 7, 9, 9], a_first: [0, 64, 0, 0], out_first: [64, 0, 0, 0] };
  const dims = Object.entries(numbers).flatMap(([name, four]) =>
    four.map((value, p) => [`${name}.${"xyzw"[p]}`, value]),
  );
  const variant = { kernel: kernels.columnSum, flags: { UNLIKE: true } };
  const sums = { ...step(2, 0), variant, dims: Object.fromEntries(dims), workgroups: [1, 1, 2] as const };
  expect(trafficOf(sums)).toBe(4 * (4 * 5 + 3 * 7));
});

test.each([true, false])(
  "a gradient is measured in one and in parts, whatever the adapter: software %s",
  (software) => {
    const plan = mainJobs({ storage: 16_384, invocations: 256, software }).find(
      ({ plan }) => plan.name === "gradient of R",
    );
    expect(plan?.plan.steps.map(({ label }) => label)).toEqual([
      "gradient of R",
      "gradient of R in 4 parts of K",
      "partial_sums",
    ]);
  },
);

test("a kernel that fails has a row that says so, and the rest goes on, whatever the plan", async () => {
  const gpu = {
    get pipelines(): never {
      throw new Error("lost");
    },
  } as unknown as Gpu;
  const target = { storage: 16_384, invocations: 256, software: true };
  const plans = [productJob(8, target), ...jobs(target, SMALL)];
  const rows: KernelRow[] = [];
  for await (const row of benchKernels(gpu, plans, () => {})) rows.push(row);
  expect(new Set(rows.map(({ variant }) => variant.split(/[ <]/)[0]))).toEqual(new Set(names));
  for (const [i, failure] of kernelFailures(rows).entries()) expect(failure).toBe(`${rows[i]?.variant}: lost`);
});

test("what a step reads before its twin is played stays as it was", () => {
  const counters = tensor("counters", [4], { type: "u32" });
  const total = tensor("total", [2]);
  const oracle = new OracleMemory();
  oracle.write(counters, Uint32Array.of(1, 2, 3, 4));
  oracle.write(total, Float32Array.of(1, 2));
  const bindings = { total, counters };
  const before = beforeStep({ ...step(1, 0), bindings }, oracle);
  oracle.view(counters).fill(9);
  oracle.view(total).fill(9);
  expect(before.map(([, elements]) => [...elements.slice(0, 2)])).toEqual([
    [1, 2],
    [1, 2],
  ]);
});
