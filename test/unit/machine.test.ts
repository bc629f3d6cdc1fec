import { describe, expect, test } from "vitest";
import { chooseMachine } from "../../src/ops/machine.ts";
import type { MachineOptions } from "../../src/ops/machine-options.ts";
import { machineOptions } from "./machine-options.ts";

const gpu = { storage: 16384, invocations: 256, software: false };
const cpu = { ...gpu, software: true, quads: true };

const choose = (told: Partial<MachineOptions>) => chooseMachine(machineOptions({ target: gpu, ...told }));

describe("chooseMachine", () => {
  test("scans what browsers train: four rows a workgroup, all steps in one dispatch", () => {
    const plan = choose({});
    expect(plan).toMatchObject({
      machine: "scan",
      flags: { STAGED: true },
      tile: { LANES: 128, UNITS: 1 },
      workgroups: [8, 1, 1],
      chunk: 64,
    });
    expect(plan.why).toMatch(/^scan, 64 steps a dispatch: [\d.]+ ms expected both ways, [\d.]+ ms by step$/);
  });

  test("says that weights are float16, passes half of the bytes for them on a GPU, and keeps what was timed apart", () => {
    const told = { hidden: 128, half: true };
    expect(choose(told).why).toMatch(/^scan, 64 steps a dispatch, recurrent weights in float16: /);
    expect(choose({ ...told, wanted: "step" }).why).toMatch(
      /^step, split over k, recurrent weights in float16: as wanted, /,
    );
    const [whole, halves] = [choose({}), choose(told)];
    const maths = 4 * 128 * 5e-4 + 0.5; // and a barrier
    expect(halves.cost.forward - maths).toBeCloseTo((whole.cost.forward - maths) / 2, 9);
    expect(choose({ ...told, target: cpu }).cost).toEqual(choose({ target: cpu }).cost);
    expect(halves.choice?.[0]).toBe(`${whole.choice?.[0]}`.replace(" training", " half training"));
  });

  test("computes one row of the quad where the batch has but one, on either machine", () => {
    for (const wanted of ["scan", "step"] as const) {
      expect(choose({ batch: 1, wanted }).flags.ONE_ROW).toBe(true);
      expect(choose({ batch: 2, wanted }).flags.ONE_ROW).toBe(false);
    }
  });

  test("gives an invocation more units on the CPU, and keeps away from workgroup memory there", () => {
    const { flags, tile } = choose({ target: cpu });
    expect(flags.STAGED).toBe(false);
    expect(tile).toEqual({ LANES: 32, UNITS: 4 });
  });

  test("gives a workgroup as many rows as leave no core idle where subgroups of four share loads, 16 at most", () => {
    const scan = (cores: number | undefined, told: Partial<MachineOptions> = {}) => {
      const { flags, rowQuads, workgroups } = choose({
        target: { ...cpu, quads: true, cores },
        wanted: "scan",
        ...told,
      });
      return [flags.QUADS, rowQuads, workgroups];
    };
    expect(scan(undefined)).toEqual([true, 1, [8, 1, 1]]);
    expect(scan(8)).toEqual([true, 1, [8, 1, 1]]);
    expect(scan(3)).toEqual([true, 3, [3, 1, 1]]);
    expect(scan(2)).toEqual([true, 4, [2, 1, 1]]);
    expect(scan(1)).toEqual([true, 4, [2, 1, 1]]);
    expect(scan(4, { directions: 2, batch: 5 })).toEqual([true, 1, [2, 1, 2]]);
    expect(scan(2, { directions: 2, batch: 5 })).toEqual([true, 2, [1, 1, 2]]);
    expect(scan(1, { batch: 2 })).toEqual([true, 1, [1, 1, 1]]);
    expect(scan(2, { diagonal: true })).toEqual([false, 1, [8, 1, 1]]);
    expect(choose({ target: { ...gpu, quads: true, cores: 2 } })).toMatchObject({ rowQuads: 1, workgroups: [8, 1, 1] });
  });

  test("counts loads once for a workgroup, but for each quad of rows where products are normalised or of a second stage", () => {
    const cost = (batch: number, told: Partial<MachineOptions> = {}) =>
      choose({ batch, wanted: "scan", target: { ...cpu, cores: 1 }, ...told }).cost;
    const maths = 0.06 * 4 * 128;
    const loads = (way: "forward" | "backward", told: Partial<MachineOptions> = {}) => {
      const stops = 3 * (told.twoStages ? 2 : 1) * (told.wholeRows ? 2 : 1);
      return [4, 16].map((batch) => cost(batch, told)[way] - stops - (batch / 4) * maths) as [number, number];
    };
    for (const way of ["forward", "backward"] as const) {
      const [one, four] = loads(way);
      expect(four / one).toBeCloseTo(1 + 3 * 0.4, 9);
      const [oneSecond, fourSecond] = loads(way, { twoStages: true });
      expect((fourSecond - four) / (oneSecond - one)).toBeCloseTo(4, 9);
    }
    const [one, four] = loads("forward", { wholeRows: true });
    expect(four / one).toBeCloseTo(4, 9);
    expect(loads("backward", { wholeRows: true })).toEqual(loads("backward"));
  });

  test("steps when the recurrent weights outgrow what each workgroup should read", () => {
    expect(choose({ hidden: 240 }).machine).toBe("scan");
    expect(choose({ hidden: 256 })).toMatchObject({
      machine: "step",
      tile: { LANES: 256, UNITS: 1 },
      workgroups: [8, 8, 1],
      chunk: 1,
    });
  });

  test("counts the weights of a second stage, and a projection by its own width", () => {
    const projected = { hidden: 512, twoStages: true }; // (4 + 1) · 512 · out weights, and a dispatch more in each step
    expect(choose({ ...projected, out: 128 }).machine).toBe("scan");
    expect(choose({ ...projected, out: 256 })).toMatchObject({
      machine: "step",
      workgroups: [8, 8, 1],
      secondWorkgroups: [4, 8, 1],
    });
    expect(choose({ hidden: 1024, diagonal: true }).machine).toBe("scan");
  });

  test("puts the directions beside each other on both machines", () => {
    expect(choose({ directions: 2 }).workgroups).toEqual([8, 1, 2]);
    expect(choose({ directions: 2, wanted: "step" })).toMatchObject({
      workgroups: [4, 8, 2],
      rowsWorkgroups: [8, 1, 2],
    });
  });

  test("steps on the CPU where that keeps cores busy and products outweigh dispatches", () => {
    // As measured on SwiftShader with two cores, LSTM, 16 steps.
    const chosen = (hidden: number, batch: number) => choose({ hidden, batch, time: 16, target: cpu }).machine;
    expect([1, 4, 16, 32].map((batch) => chosen(32, batch))).toEqual(["scan", "scan", "scan", "scan"]);
    expect([1, 4, 16, 32].map((batch) => chosen(128, batch))).toEqual(["step", "step", "scan", "scan"]);
    expect([1, 4, 16, 32].map((batch) => chosen(512, batch))).toEqual(["step", "step", "scan", "scan"]);
  });

  test("steps on llvmpipe from 128 units up, where the products of a scan are slow", () => {
    // As measured on two cores, LSTM, 16 steps; at 64 units and 4 rows neither is ahead.
    const target = { ...gpu, software: true, llvmpipe: true };
    const chosen = (hidden: number, batch: number) => choose({ hidden, batch, time: 16, target }).machine;
    expect([1, 4].map((batch) => chosen(32, batch))).toEqual(["scan", "scan"]);
    expect([1, 4, 16, 32].map((batch) => chosen(128, batch))).toEqual(["step", "step", "step", "step"]);
    expect([1, 4, 16, 32].map((batch) => chosen(512, batch))).toEqual(["step", "step", "step", "step"]);
  });

  test("scans on the CPU where one core is all there is, or directions fill two", () => {
    expect(choose({ batch: 1, target: { ...cpu, cores: 1 } }).machine).toBe("scan");
    expect(choose({ batch: 1, directions: 2, target: cpu }).machine).toBe("scan");
    expect(choose({ batch: 1, directions: 2, target: { ...cpu, cores: 8 } }).machine).toBe("step");
  });

  test("cuts a scan beyond 1,024 steps into equal chunks", () => {
    expect(choose({ time: 1024 }).chunk).toBe(1024);
    expect(choose({ time: 1025 }).chunk).toBe(513);
  });

  test("stages only what the granted workgroup memory holds, sums of whole rows included, and no second stage", () => {
    const staged = (told: Partial<MachineOptions>) => choose({ wanted: "scan", ...told }).flags.STAGED;
    expect([staged({ hidden: 256 }), staged({ hidden: 257 })]).toEqual([true, false]);
    const wholeRows = true; // 16 bytes more for each of 80 bytes a unit
    expect([staged({ hidden: 204, wholeRows }), staged({ hidden: 205, wholeRows })]).toEqual([true, false]);
    expect(staged({ hidden: 4, gates: 1, twoStages: true })).toBe(false);
  });

  test("counts three gates as four, as they lie in memory, and stages one gate with its old h and its new", () => {
    const staged = (gates: number, hidden: number) => choose({ gates, hidden, wanted: "scan" }).flags.STAGED;
    expect(choose({ gates: 3, hidden: 257 }).machine).toBe("step");
    expect([staged(3, 256), staged(3, 257)]).toEqual([true, false]);
    expect([staged(1, 512), staged(1, 513)]).toEqual([true, false]);
  });

  test("gives a scan that is wanted the units that fit it into a workgroup, and refuses more", () => {
    const scan = (hidden: number) => choose({ hidden, wanted: "scan" });
    expect(scan(257).tile).toEqual({ LANES: 129, UNITS: 2 });
    expect(scan(1024).tile).toEqual({ LANES: 256, UNITS: 4 });
    expect(() => scan(1025)).toThrow(
      /machine "scan": expected at most 1024 units, which a workgroup of this device holds, got 1025/,
    );
  });

  test("keeps whole rows of units in one workgroup where they are normalised, of four lanes at least, and refuses more", () => {
    const normalised = (told: Partial<MachineOptions>) => choose({ wholeRows: true, wanted: "step", ...told });
    expect(normalised({ hidden: 3 }).rowsTile).toEqual({ LANES: 4, UNITS: 1 });
    expect(normalised({ hidden: 3, out: 300 }).rowsTile).toEqual({ LANES: 150, UNITS: 2 });
    expect(normalised({}).rowsWorkgroups).toEqual([8, 1, 1]);
    expect(() => normalised({ hidden: 1025 })).toThrow(/layerNorm: expected at most 1024 units/);
  });

  test("takes layers as a wavefront on a GPU where they outgrow a scan and each leaves cores idle", () => {
    const chosen = (hidden: number, batch: number, layers: number) => choose({ hidden, batch, layers }).machine;
    expect([2, 3].map((layers) => chosen(128, 16, layers))).toEqual(["scan", "scan"]);
    expect([2, 3].map((layers) => chosen(512, 16, layers))).toEqual(["wavefront", "wavefront"]);
    expect([2, 3].map((layers) => chosen(1024, 128, layers))).toEqual(["step", "step"]);
    const plan = choose({ hidden: 512, batch: 16, layers: 3 });
    expect(plan.workgroups).toEqual([16, 4, 3]);
    expect(plan.why).toMatch(
      /^step, wavefront of 3 layers, split over k: [\d.]+ ms expected both ways, [\d.]+ ms by scan, [\d.]+ ms by step$/,
    );
  });

  test("takes a wavefront by its model only where all it plays takes less time than by the others", () => {
    const total = ({ cost: { forward, backward, once } }: ReturnType<typeof choose>, turns: number, steps: number) =>
      turns * (2 * once + steps * (forward + backward));
    for (const hidden of [64, 256, 1024, 4096]) {
      for (const batch of [1, 9, 64]) {
        for (const layers of [2, 4]) {
          const sizes = { hidden, batch, layers, time: 20 };
          const step = total(choose({ ...sizes, wanted: "step" }), layers, 20);
          const wavefront = total(choose({ ...sizes, wanted: "wavefront" }), 1, 20 + layers - 1);
          if (choose(sizes).machine === "wavefront") expect(wavefront).toBeLessThan(step);
        }
      }
    }
  });

  test("weighs no wavefront on the CPU, but goes on with one", () => {
    for (const target of [cpu, { ...cpu, cores: 16 }, { ...gpu, software: true, llvmpipe: true }]) {
      const sizes = { hidden: 128, batch: 4, layers: 3, target };
      const { machine, why, choice: [key = ""] = [] } = choose(sizes);
      expect([machine, why.includes("wavefront")]).toEqual(["step", false]);
      const settled = { ...target, choices: new Map([[key, "wavefront"]]) };
      expect(choose({ ...sizes, target: settled }).why).toMatch(/^step, wavefront of 3 layers: settled/);
    }
  });

  test("steps through layers together where a workgroup cannot hold them and cores are idle", () => {
    expect(choose({ hidden: 1025, batch: 1, layers: 2 }).machine).toBe("wavefront");
    expect(choose({ hidden: 1025, batch: 1 })).toMatchObject({
      machine: "step",
      why: expect.stringMatching(
        /^step, split over k: a workgroup cannot hold 1025 units, [\d.]+ ms expected both ways$/,
      ),
    });
  });

  test("takes the machine that is wanted, and says what it should take", () => {
    const { machine, why } = choose({ wanted: "step" });
    expect(machine).toBe("step");
    expect(why).toMatch(/^step, split over k: as wanted, [\d.]+ ms expected both ways$/);
    expect(choose({ wanted: "step", training: false }).why).toMatch(/ms expected$/);
  });
});
