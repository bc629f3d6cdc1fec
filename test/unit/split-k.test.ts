import { describe, expect, test } from "vitest";
import { chooseMachine } from "../../src/ops/machine.ts";
import type { MachineOptions } from "../../src/ops/machine-options.ts";
import { splitScan, splitStep } from "../../src/ops/split-k.ts";
import { machineOptions } from "./machine-options.ts";

/** What a GPU grants at least, and what most grant. */
const least = { storage: 16_384, invocations: 256, software: false };
const most = { storage: 32_768, invocations: 1024, software: false };

const options = (told: Partial<MachineOptions>) => machineOptions({ hidden: 64, target: most, ...told });

const split = (told: Partial<MachineOptions>) => splitScan(options(told));

describe("splitScan", () => {
  test("keeps weights in registers up to 64 units of an LSTM and 128 of an Elman network, 16 or 32 an invocation", () => {
    const stays = (gates: number, hidden: number) => split({ gates, hidden })?.stationary;
    expect(split({})).toEqual({ lanes: 256, stationary: true });
    expect([stays(4, 64), stays(4, 65)]).toEqual([true, false]);
    expect([stays(3, 73), stays(3, 74)]).toEqual([true, false]); // 3 · 73² = 15,987
    expect([stays(1, 128), stays(1, 129)]).toEqual([true, false]);
    expect(split({ gates: 1, hidden: 128 })?.lanes).toBe(512);
  });

  test("gives a small layer the invocations that the way back needs, which has two units in each", () => {
    expect(split({ hidden: 1 })).toEqual({ lanes: 1, stationary: true });
    expect(split({ hidden: 9 })).toEqual({ lanes: 10, stationary: true }); // 2 pieces of u for 5 pairs of units
    expect(split({ hidden: 17 })).toEqual({ lanes: 34, stationary: true });
  });

  test("splits what cannot stay as far as workgroup memory and invocations go", () => {
    // Pieces of four rows of 128 units, four gates each, take 8 KiB: three and the operands fit into 32 KiB.
    expect(split({ hidden: 128 })).toEqual({ lanes: 384, stationary: false });
    expect(split({ hidden: 128, target: { ...most, storage: 65_536 } })).toEqual({ lanes: 896, stationary: false });
    expect(split({ hidden: 128, target: { ...most, invocations: 256 } })).toEqual({ lanes: 256, stationary: false });
    expect(split({ hidden: 128, gates: 3 })).toEqual(split({ hidden: 128 })); // three gates take the place of four
    expect(split({ hidden: 128, target: least })).toBeUndefined();
    expect(split({ target: least })).toEqual({ lanes: 192, stationary: false });
    expect(split({ hidden: 257, gates: 1, target: least })).toBeUndefined();
  });

  test("counts the workgroup memory of a second stage, and gives each of its sums an invocation", () => {
    const twoStages = true;
    expect(split({ gates: 2, twoStages })).toEqual({ lanes: 128, stationary: true });
    expect(split({ gates: 2, hidden: 128, twoStages })).toEqual({ lanes: 512, stationary: false });
    expect(split({ hidden: 3, out: 17, twoStages })?.lanes).toBe(17);
  });

  test("leaves alone what one invocation has to itself, whole rows, diagonals and the CPU", () => {
    for (const told of [{ wholeRows: true }, { diagonal: true }]) {
      expect(split(told)).toBeUndefined();
    }
    expect(split({ target: { ...most, software: true } })).toBeUndefined();
  });

  test("is the same for any batch and both uses, since it decides the order of sums", () => {
    for (const hidden of [20, 64, 128, 200]) {
      const wanted = split({ hidden });
      for (const batch of [1, 2, 500]) expect(split({ hidden, batch, training: false, time: 1 })).toEqual(wanted);
    }
  });
});

describe("splitStep", () => {
  test("gives 32 units eight invocations each, as far as their sums fit into workgroup memory", () => {
    const lanes = (told: Partial<MachineOptions>) => splitStep(options(told));
    expect([lanes({}), lanes({ target: least }), lanes({ gates: 1, target: least })]).toEqual([256, 256, 256]);
    expect(lanes({ target: { ...most, invocations: 100 } })).toBe(96);
    const half = { ...least, storage: 8192 };
    expect([lanes({ target: half }), lanes({ gates: 3, target: half })]).toEqual([128, 128]); // three take the place of four
    expect(lanes({ gates: 1, target: { ...least, storage: 4096 } })).toBe(128); // two units share an invocation on the way back
    expect(lanes({ target: { ...most, storage: 4095 } })).toBeUndefined();
    expect(lanes({ target: { ...most, software: true } })).toBeUndefined();
  });

  test("makes a workgroup of the step machine", () => {
    const step = chooseMachine(options({ wanted: "step", hidden: 65, directions: 2 }));
    expect(step).toMatchObject({
      flags: { SPLIT_K: true, STATIONARY: false },
      tile: { LANES: 256, UNITS: 1 },
      workgroups: [3, 8, 2],
    });
    const stages = chooseMachine(options({ wanted: "step", hidden: 65, twoStages: true }));
    expect(stages).toMatchObject({ flags: { SPLIT_K: false }, tile: { LANES: 64, UNITS: 1 }, workgroups: [2, 8, 1] });
  });
});

describe("a scan that is split", () => {
  const scan = (told: Partial<MachineOptions>) => chooseMachine(options({ wanted: "scan", ...told }));

  test("has a unit in an invocation, and no rows in workgroup memory of its own", () => {
    expect(scan({})).toMatchObject({
      flags: { SPLIT_K: true, STATIONARY: true, STAGED: false },
      tile: { LANES: 256, UNITS: 1 },
      workgroups: [8, 1, 1],
    });
    expect(scan({ hidden: 128 }).flags).toMatchObject({ SPLIT_K: true, STATIONARY: false, STAGED: false });
    expect(scan({ hidden: 128, target: least }).flags).toMatchObject({ SPLIT_K: false, STAGED: true });
  });

  test("says so, and where weights are", () => {
    expect(scan({}).why).toMatch(/^scan, 64 steps a dispatch, split over k, recurrent weights in registers: as wanted/);
    expect(scan({ half: true }).why).toMatch(/, split over k, recurrent weights in float16 and registers: /);
    expect(scan({ hidden: 128 }).why).toMatch(/^scan, 64 steps a dispatch, split over k: as wanted/);
  });

  test("takes half the time over weights that stay", () => {
    const loads = (told: Partial<MachineOptions>) => scan(told).cost.forward - 4 * 64 * 5e-4 - 0.5; // maths, a barrier
    expect(loads({})).toBeCloseTo(loads({ target: { ...most, invocations: 128 } }) / 2, 9);
    expect(loads({ half: true })).toBeCloseTo(loads({}), 9);
  });
});
