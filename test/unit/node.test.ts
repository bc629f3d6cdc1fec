import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { findBrowsers } from "../../src/node/browsers.ts";
import { openDevice } from "../../src/node/index.ts";
import { installUntil } from "../../src/node/install.ts";

const folders: string[] = [];

function fileNamed(name: string): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), "webgpu-rnn-"));
  folders.push(folder);
  const path = join(folder, name);
  writeFileSync(path, "");
  return { folder, path };
}

afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("a browser that the environment names comes before those on the PATH", async () => {
  const [named, onPath] = [fileNamed("my-browser"), fileNamed("google-chrome")];
  vi.stubEnv("PUPPETEER_EXECUTABLE_PATH", undefined);
  vi.stubEnv("CHROME_PATH", named.path);
  vi.stubEnv("PATH", onPath.folder);
  expect((await findBrowsers()).slice(0, 2)).toEqual([named.path, onPath.path]);
});

test("a path in the environment where nothing lies is passed over", async () => {
  vi.stubEnv("CHROME_PATH", join(tmpdir(), "webgpu-rnn-no-such-browser"));
  expect(await findBrowsers()).not.toContain(process.env.CHROME_PATH);
});

test("nothing is installed where the first attempt succeeds", async () => {
  const attempt = vi.fn(async () => "found");
  expect(await installUntil(attempt)).toBe("found");
  expect(attempt).toHaveBeenCalledOnce();
});

/** As much of a device as opening asks for. */
const idle = { lost: new Promise<never>(() => {}), addEventListener() {}, limits: {}, features: new Set() };

test("a device that is handed in is taken as it is", async () => {
  const device = { ...idle, adapterInfo: { vendor: "mine" } };
  const gpu = await openDevice({ gpu: device as unknown as GPUDevice });
  expect(gpu.device).toBe(device);
  expect(gpu.adapter.name).toBe("mine");
});

test("what is neither a device nor an adapter, nor options, is refused before any adapter is looked for", async () => {
  for (const given of [{}, null, 7, Promise.resolve(idle)]) {
    await expect(openDevice({ gpu: given } as object)).rejects.toThrow(
      `openDevice: gpu: expected a GPUDevice, got ${given}. Await what gives it, or leave it out.`,
    );
    await expect(openDevice({ adapter: given } as object)).rejects.toThrow(
      `openDevice: adapter: expected a GPUAdapter, got ${given}. Await what gives it, or leave it out.`,
    );
  }
  for (const given of [null, 7, "gpu"]) {
    await expect(openDevice(given as unknown as object)).rejects.toThrow(
      `openDevice: expected an object with any of gpu, adapter, budget, tune, recurrentWeights, got ${given}.`,
    );
  }
});

test("recurrent weights are float32 unless float16 is wanted, on any device; anything else is refused", async () => {
  const halfOf = async (options: object) =>
    (await openDevice({ gpu: idle as unknown as GPUDevice, ...options })).target.half;
  expect(await halfOf({})).toBe(false);
  expect(await halfOf({ recurrentWeights: "float32" })).toBe(false);
  expect(await halfOf({ recurrentWeights: "float16" })).toBe(true);
  await expect(halfOf({ recurrentWeights: "f16" })).rejects.toThrow(
    "openDevice: recurrentWeights: expected one of float32, float16, got f16.",
  );
});

test("a submit may take 100 ms in a page and 2,000 elsewhere, unless told otherwise, and 1 at least", async () => {
  const device = { lost: new Promise<never>(() => {}), addEventListener() {}, limits: {}, features: new Set() };
  const budgetOf = async (budget?: number) => {
    const gpu = await openDevice({ gpu: device as unknown as GPUDevice, ...(budget === undefined ? {} : { budget }) });
    return [gpu.budget, gpu.target.budget];
  };
  expect(await budgetOf()).toEqual([2000, 2000]);
  expect(await budgetOf(7)).toEqual([7, 7]);
  await expect(budgetOf(0)).rejects.toThrow(/openDevice: budget: expected milliseconds, at least 1, got 0/);
  expect(await budgetOf(Number.POSITIVE_INFINITY)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  await expect(openDevice({ budgt: 7 } as object)).rejects.toThrow(/openDevice: .*got budgt. Write budget/);
  vi.stubGlobal("document", {});
  expect(await budgetOf()).toEqual([100, 100]);
  vi.unstubAllGlobals();
});
