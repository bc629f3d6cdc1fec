import { describe, expect, test } from "vitest";
import { chooseMachine } from "../../src/ops/machine.ts";

const gpu = { storage: 16384, invocations: 256, software: false };
const cpu = { ...gpu, software: true };
const lstm = { batch: 32, time: 64, hidden: 128, gates: 4 };

describe("chooseMachine", () => {
  test("scans what browsers train: four rows a workgroup, all steps in one dispatch", () => {
    const plan = chooseMachine({ ...lstm, target: gpu });
    expect(plan).toMatchObject({
      machine: "scan",
      flags: { STAGED: true },
      constants: { HIDDEN: 128, LANES: 128, UNITS: 1 },
      workgroups: [8, 1, 1],
      chunk: 64,
    });
    expect(plan.why).toBe("262144 bytes of recurrent weights pass through each workgroup once a step");
  });

  test("gives an invocation more units on the CPU, and keeps away from workgroup memory there", () => {
    const { flags, constants } = chooseMachine({ ...lstm, target: cpu });
    expect(flags.STAGED).toBe(false);
    expect(constants).toEqual({ HIDDEN: 128, LANES: 32, UNITS: 4 });
  });

  test("steps when the recurrent weights outgrow what each workgroup should read", () => {
    expect(chooseMachine({ ...lstm, hidden: 256, target: gpu }).machine).toBe("scan");
    expect(chooseMachine({ ...lstm, hidden: 257, target: gpu })).toMatchObject({
      machine: "step",
      constants: { HIDDEN: 257, LANES: 64, UNITS: 1 },
      workgroups: [5, 8, 1],
      chunk: 1,
    });
  });

  test("steps on the CPU when the scan would be one workgroup, unless there is one step only", () => {
    expect(chooseMachine({ ...lstm, batch: 4, target: cpu }).machine).toBe("step");
    expect(chooseMachine({ ...lstm, batch: 5, target: cpu }).machine).toBe("scan");
    expect(chooseMachine({ ...lstm, batch: 1, time: 1, target: cpu }).machine).toBe("scan");
    expect(chooseMachine({ ...lstm, batch: 1, target: gpu }).machine).toBe("scan");
  });

  test("cuts a scan beyond 1,024 steps into equal chunks", () => {
    expect(chooseMachine({ ...lstm, time: 1024, target: gpu }).chunk).toBe(1024);
    expect(chooseMachine({ ...lstm, time: 1025, target: gpu }).chunk).toBe(513);
  });

  test("stages only what the granted workgroup memory holds", () => {
    const wanted = "scan";
    expect(chooseMachine({ ...lstm, hidden: 256, target: gpu, wanted }).flags.STAGED).toBe(true);
    expect(chooseMachine({ ...lstm, hidden: 257, target: gpu, wanted }).flags.STAGED).toBe(false);
  });

  test("counts three gates as four, as they lie in memory, and stages one gate with its old h and its new", () => {
    const wanted = "scan";
    const staged = (gates: number, hidden: number) =>
      chooseMachine({ ...lstm, gates, hidden, target: gpu, wanted }).flags.STAGED;
    expect(chooseMachine({ ...lstm, gates: 3, hidden: 257, target: gpu }).machine).toBe("step");
    expect([staged(3, 256), staged(3, 257)]).toEqual([true, false]);
    expect([staged(1, 512), staged(1, 513)]).toEqual([true, false]);
  });

  test("gives a scan that is wanted the units that fit it into a workgroup, and refuses more", () => {
    const scan = (hidden: number) => chooseMachine({ ...lstm, hidden, target: gpu, wanted: "scan" });
    expect(scan(257).constants).toEqual({ HIDDEN: 257, LANES: 129, UNITS: 2 });
    expect(scan(1024).constants).toEqual({ HIDDEN: 1024, LANES: 256, UNITS: 4 });
    expect(() => scan(1025)).toThrow(/machine "scan": expected at most 1024 hidden units, got 1025/);
  });

  test("takes the machine that is wanted", () => {
    expect(chooseMachine({ ...lstm, target: gpu, wanted: "step" })).toMatchObject({
      machine: "step",
      why: "as wanted",
    });
  });
});
