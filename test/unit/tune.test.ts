import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Cache, Choices } from "../../src/gpu/choices.ts";
import type { Gpu } from "../../src/gpu/device.ts";
import { localStorageCache } from "../../src/gpu/local-storage.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { folderCache } from "../../src/node/cache.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { recordNetwork } from "../../src/run/network.ts";
import { tune } from "../../src/train/tune.ts";
import type { Prepare } from "../../src/train/tuning.ts";

const ADAPTER = "mine 1.0 (a)";
const target = { storage: 16384, invocations: 256, software: false };
const sizes = { batch: 32, time: 64, training: true };
const model = sequential(embedding(9, 8), lstm(8, 128, { layers: 2 }), gru(128, 64), linear(64, 9));

function memoryCache(): Cache & { texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    read: async (adapter) => texts.get(adapter),
    write: async (adapter, text) => void texts.set(adapter, text),
  };
}

const gpuWith = (cache: Cache) => ({ choices: new Choices(ADAPTER, cache), target }) as unknown as Gpu;

/** Milliseconds by machine, for any plan; says which plans have been timed. */
function clock(given: Readonly<Record<string, number>>): { prepare: Prepare; timed: string[] } {
  const times: Readonly<Record<string, number>> = { wavefront: 4, ...given };
  const timed: string[] = [];
  const prepare: Prepare = async (_, { name }) => ({
    async time() {
      timed.push(name);
      return times[name.split(" ").at(-1) as string] as number;
    },
    dispose() {},
  });
  return { prepare, timed };
}

/** The plan that is made for a device once it has been tuned. */
function planFor({ choices }: Gpu, of: Model = model): Plan {
  const options = { batch: 32, time: 64, masked: false, gradients: true, seed: 0 };
  return recordNetwork({ model: of, layout: layOut(of) }, options, { ...target, choices: choices?.found ?? new Map() })
    .plan;
}

const machinesOf = (plan: Plan): string[] => [...new Set(plan.choices.values())];

describe("tune", () => {
  test("lets a clock overrule the model of costs, and the plan follows and says so", async () => {
    const gpu = gpuWith(memoryCache());
    expect(machinesOf(planFor(gpu))).toEqual(["scan"]);
    const { prepare, timed } = clock({ scan: 3, step: 2 });
    await tune(gpu, model, sizes, prepare);
    const plan = planFor(gpu);
    expect(machinesOf(plan)).toEqual(["step"]);
    expect(String(plan)).toMatch(
      /^1\.lstm: step, \d layers in turn, split over k: settled by timing or a checkpoint; .* by scan/m,
    );
    expect(timed.filter((name) => name === "lstm by scan")).toHaveLength(6);
    const lstms = ["lstm by scan", "lstm by step", "lstm by wavefront"];
    expect(new Set(timed)).toEqual(new Set([...lstms, "gru by scan", "gru by step"]));
  });

  test("takes layers as a wavefront where that is fastest, and only those that one can take", async () => {
    const gpu = gpuWith(memoryCache());
    await tune(gpu, model, sizes, clock({ scan: 3, step: 2, wavefront: 1 }).prepare);
    const plan = planFor(gpu);
    expect(machinesOf(plan)).toEqual(["wavefront", "step"]);
    expect(String(plan)).toMatch(/^1\.lstm: step, wavefront of 2 layers, split over k: settled by timing .* by step/m);
  });

  test("stays with the model of costs where neither is clearly faster", async () => {
    const gpu = gpuWith(memoryCache());
    await tune(gpu, model, sizes, clock({ scan: 3, step: 2.8 }).prepare);
    expect(machinesOf(planFor(gpu))).toEqual(["scan"]);
    expect(String(planFor(gpu))).toContain("settled");
  });

  test("leaves a machine that is wanted, and what has been timed before, alone", async () => {
    const cache = memoryCache();
    const { prepare, timed } = clock({ scan: 3, step: 2 });
    await tune(gpuWith(cache), sequential(lstm(8, 128, { machine: "scan" })), sizes, prepare);
    expect(timed).toEqual([]);
    await tune(gpuWith(cache), model, sizes, prepare);
    const count = timed.length;
    const again = gpuWith(cache);
    await tune(again, model, sizes, prepare);
    expect(timed).toHaveLength(count);
    expect(machinesOf(planFor(again))).toEqual(["step"]);
  });

  test("begins no layer when compiling has taken the time", async () => {
    const gpu = gpuWith(memoryCache());
    const now = vi.spyOn(performance, "now");
    let time = 0;
    now.mockImplementation(() => {
      time += 800;
      return time;
    });
    const { prepare, timed } = clock({ scan: 3, step: 2 });
    await tune(gpu, model, sizes, prepare);
    now.mockRestore();
    expect(new Set(timed)).toEqual(new Set(["lstm by scan", "lstm by step", "lstm by wavefront"]));
    expect(machinesOf(planFor(gpu))).toEqual(["step", "scan"]);
  });

  test("plays both machines over the same steps", async () => {
    const plans: Plan[] = [];
    const prepare: Prepare = async (_, plan) => {
      plans.push(plan);
      return { time: async () => 1, dispose() {} };
    };
    const slow = { ...target, software: true };
    await tune({ choices: new Choices(ADAPTER, memoryCache()), target: slow } as unknown as Gpu, model, sizes, prepare);
    const steps = plans.map(({ steps: [first] }) => first?.dims.time);
    expect(steps).toEqual([steps[0], steps[0], steps[2], steps[2]]);
    expect(steps[0]).toBeLessThan(16);
  });

  describe("on a slow adapter", () => {
    /** Each timing takes what its plan should, or so many times that. */
    async function tuned(of: Model, off: number): Promise<{ timed: string[]; elapsed: number; gpu: Gpu }> {
      let elapsed = 0;
      const timed: string[] = [];
      const prepare: Prepare = async (_, { name, milliseconds }) => ({
        async time() {
          timed.push(name);
          elapsed += off * milliseconds;
          return off * milliseconds;
        },
        dispose() {},
      });
      const slow = { ...target, software: true };
      const gpu = { choices: new Choices(ADAPTER, memoryCache()), target: slow } as unknown as Gpu;
      await tune(gpu, of, { batch: 64, time: 100, training: true }, prepare);
      return { timed, elapsed, gpu };
    }

    test("begins no layer that might not end in time, but smaller ones behind it", async () => {
      const { timed, gpu } = await tuned(sequential(lstm(64, 1024), gru(1024, 32)), 1);
      expect(new Set(timed)).toEqual(new Set(["gru by scan", "gru by step"]));
      expect(gpu.choices?.found.size).toBeGreaterThan(0);
    });

    test("takes what goes on far too long the first time for compiling", async () => {
      const { timed } = await tuned(sequential(lstm(8, 32)), 400);
      expect(timed.length).toBeGreaterThan(2);
    });

    test("keeps nothing of a layer whose first round took all the time", async () => {
      const { timed, gpu } = await tuned(sequential(lstm(64, 256)), 20);
      expect(timed).toHaveLength(2);
      expect(gpu.choices?.found.size).toBe(0);
    });

    test.each([0.5, 1, 2, 5])("stays below 2 s where everything takes %d times what it should", async (off) => {
      for (const hidden of [32, 64, 128, 256, 512, 1024]) {
        const deep = sequential(lstm(64, hidden), gru(hidden, hidden), lstm(hidden, hidden), lstm(hidden, 2 * hidden));
        expect((await tuned(deep, off)).elapsed, `${hidden} units`).toBeLessThan(2000);
      }
    });
  });

  test.each([
    ["damaged", "{"],
    ["of another adapter", JSON.stringify({ format: 1, adapter: "other", choices: { any: "step" } })],
    ["of another format", JSON.stringify({ format: 0, adapter: ADAPTER, choices: { any: "step" } })],
    ["without choices", JSON.stringify({ format: 1, adapter: ADAPTER })],
    ["no object", "null"],
    ["of choices that are no text", JSON.stringify({ format: 1, adapter: ADAPTER, choices: { any: 7 } })],
  ])("ignores a cache that is %s", async (_, text) => {
    const cache = memoryCache();
    cache.texts.set(ADAPTER, text);
    const { choices } = gpuWith(cache);
    await choices?.ready();
    expect(choices?.found).toEqual(new Map());
  });

  test("ignores a machine that there is not", async () => {
    const cache = memoryCache();
    const [key] = planFor(gpuWith(cache)).choices.keys();
    const choices = { [key as string]: "loom" };
    cache.texts.set(ADAPTER, JSON.stringify({ format: 1, adapter: ADAPTER, choices }));
    const gpu = gpuWith(cache);
    await gpu.choices?.ready();
    expect(machinesOf(planFor(gpu))).toEqual(["scan"]);
    expect(String(planFor(gpu))).not.toContain("settled");
    await tune(gpu, model, sizes, clock({ scan: 3, step: 2 }).prepare);
    expect(machinesOf(planFor(gpu))).toEqual(["step"]);
  });

  test("leaves a layer of several widths alone that mixes the machines", async () => {
    const mixed = sequential(lstm(8, [1024, 32]));
    const gpu = gpuWith(memoryCache());
    expect(machinesOf(planFor(gpu, mixed))).toEqual(["step", "scan"]);
    const { prepare, timed } = clock({ scan: 3, step: 2 });
    await tune(gpu, mixed, sizes, prepare);
    expect(timed).toEqual([]);
  });

  test("keeps what another program has found meanwhile", async () => {
    const cache = memoryCache();
    const [one, other] = [new Choices(ADAPTER, cache), new Choices(ADAPTER, cache)];
    await Promise.all([one.ready(), other.ready()]);
    await one.add(["a"], "scan");
    await other.add(["b"], "step");
    const { choices } = JSON.parse(cache.texts.get(ADAPTER) as string);
    expect(choices).toEqual({ a: "scan", b: "step" });
  });

  test("goes on where a cache can be neither read nor written", async () => {
    const fail = async () => Promise.reject(new Error("no"));
    const gpu = gpuWith({ read: fail, write: fail });
    await tune(gpu, model, sizes, clock({ scan: 3, step: 2 }).prepare);
    expect(machinesOf(planFor(gpu))).toEqual(["step"]);
  });
});

describe("caches", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "webgpu-rnn-"));
    vi.stubEnv("XDG_CACHE_HOME", folder);
    vi.stubEnv("LOCALAPPDATA", folder);
    const stored = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, text: string) => void stored.set(key, text),
    });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["a folder", folderCache],
    ["the storage of a page", localStorageCache],
  ])("%s gives back what one device found to the next of its adapter alone", async (_, cache) => {
    await new Choices(ADAPTER, cache).add(["a", "b"], "step");
    const [same, other] = [new Choices(ADAPTER, cache), new Choices("mine 1.0 [a]", cache)];
    await Promise.all([same.ready(), other.ready()]);
    expect([...same.found]).toEqual([
      ["a", "step"],
      ["b", "step"],
    ]);
    expect(other.found.size).toBe(0);
  });

  test("a file that is damaged is written anew", async () => {
    await new Choices(ADAPTER, folderCache).add(["a"], "scan");
    const [name] = readdirSync(join(folder, "webgpu-rnn")) as [string];
    writeFileSync(join(folder, "webgpu-rnn", name), "damaged");
    const after = new Choices(ADAPTER, folderCache);
    await after.ready();
    expect(after.found.size).toBe(0);
    await after.add(["b"], "step");
    const again = new Choices(ADAPTER, folderCache);
    await again.ready();
    expect([...again.found]).toEqual([["b", "step"]]);
  });
});
