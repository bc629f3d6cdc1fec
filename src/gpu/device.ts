import { flag, oneOf, onlyKnown } from "../check.ts";
import { refuse, WebgpuRnnError } from "../errors.ts";
import type { Target } from "../variant.ts";
import type { Cache, Choices } from "./choices.ts";
import { coresOfMachine } from "./cores.ts";
import { PipelineCache } from "./kernel.ts";
import { localStorageCache } from "./local-storage.ts";
import { loadPartsFor } from "./shader.ts";

export interface DeviceOptions {
  /** A device that you already have; its limits and features are taken as they are. */
  gpu?: GPUDevice;
  /** An adapter that you already have; the device is requested from it. */
  adapter?: GPUAdapter;
  /**
   * Milliseconds that one submit should take at most: what should take longer by a model of costs, and by what earlier steps
   * took, is cut into several, so that a page stays alive and no watchdog bites. A dispatch is never cut but for the scan
   * of a recurrent layer, when its plan is made. No number changes. Infinity cuts nothing. Default: 100 in a page or a
   * worker of one, else 2,000.
   */
  budget?: number;
  /**
   * Times the two recurrent machines before a program, but for a translator, is made for sizes that were not timed before,
   * and keeps what is faster in the browser's storage or, in Node, the user's folder of caches. It begins nothing that
   * might take it beyond a second and a half; compiling comes on top. Default false: a model of costs chooses, as it does
   * for a layer that is too slow to be timed.
   */
  tune?: boolean;
  /**
   * How the recurrent kernels read the weights of R, of a projection and, in a wavefront, of W, in each step of time.
   * "float16" halves what passes by there, which bounds them above some 64 units: a weight is rounded to 11 bits, by 2^-11 of
   * itself at most, below 6.1e-5 to a multiple of 6.0e-8 (or to 0, on some adapters), beyond ±65504 to that. All sums,
   * gradients, biases and states stay float32, and so do the weights that are learned: gradients are those at the rounded
   * weights. An IndRNN keeps its diagonal. A software adapter gains nothing. Default "float32".
   */
  recurrentWeights?: RecurrentWeights;
}

const RECURRENT_WEIGHTS = ["float32", "float16"] as const;
type RecurrentWeights = (typeof RECURRENT_WEIGHTS)[number];

/** What an adapter says of itself; every field of `GPUAdapterInfo` may be missing in some browser. */
export interface AdapterSummary {
  readonly name: string;
  /** True where the adapter computes on the CPU. */
  readonly software: boolean;
}

/** The limits that decide what fits; the defaults of all others are enough. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

const FEATURES: readonly GPUFeatureName[] = ["timestamp-query", "subgroups"];

interface GpuSettings {
  /** False for a device that belongs to somebody else: its errors are not ours, nor is it ours to destroy. */
  readonly owned: boolean;
  readonly budget: number;
  /** Finds what timing has settled on an adapter; undefined: nothing is timed. */
  readonly choicesOf: ((adapter: string) => Choices) | undefined;
  /** Whether recurrent kernels read their weights as float16. */
  readonly half: boolean;
}

/** Milliseconds: below, dispatches cannot be told apart. */
const SMALLEST_BUDGET = 1;

/** A device opened for webgpu-rnn: its adapter, its compiled pipelines, and what went wrong with it. */
export class Gpu {
  readonly device: GPUDevice;
  readonly adapter: AdapterSummary;
  readonly pipelines: PipelineCache;
  /** Milliseconds that one submit should take at most. */
  readonly budget: number;
  /** What timing has settled; undefined where nothing is timed. */
  readonly choices: Choices | undefined;
  readonly #owned: boolean;
  readonly #half: boolean;
  readonly #quads: boolean;
  #failure: WebgpuRnnError | undefined;

  constructor(device: GPUDevice, info: Partial<GPUAdapterInfo>, { owned, budget, choicesOf, half }: GpuSettings) {
    this.device = device;
    this.budget = budget;
    this.adapter = summarise(info);
    this.choices = choicesOf?.(this.adapter.name);
    this.pipelines = new PipelineCache(device);
    this.#owned = owned;
    this.#half = half;
    this.#quads = info.subgroupMinSize === 4 && info.subgroupMaxSize === 4;
    device.lost.then(({ reason, message }) => {
      const what = reason === "destroyed" ? "the device has been disposed of" : `the device was lost: ${message}`;
      this.#fail(`${what}. Open another with openDevice and go on from the last checkpoint.`);
    });
    if (owned) device.addEventListener("uncapturederror", ({ error }) => this.#fail(`internal: ${error.message}`));
  }

  #fail(message: string): void {
    this.#failure ??= new WebgpuRnnError(message);
  }

  /** What plans for this device are made for. */
  get target(): Target {
    const { limits, features } = this.device;
    return {
      storage: limits.maxComputeWorkgroupStorageSize,
      invocations: Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX),
      software: this.adapter.software,
      quads: this.#quads && features.has("subgroups"),
      llvmpipe: /llvmpipe/i.test(this.adapter.name),
      half: this.#half,
      cores: coresOfMachine(),
      budget: this.budget,
      ...(this.choices ? { choices: this.choices.found } : {}),
    };
  }

  /** Throws what has gone wrong with the device since it was opened; does nothing while all is well. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Gives the device and all memory on it back; a device that was handed in stays. */
  dispose(): void {
    if (this.#owned) this.device.destroy();
  }
}

/** Refuses what openDevice has not given, and a device with which something has gone wrong. */
export function checkGpu(what: string, gpu: Gpu): void {
  if (!(gpu instanceof Gpu)) {
    const cure = "await openDevice(), or openDevice({ gpu: device }) for a device that you already have";
    throw refuse({ what: `${what}: gpu`, expected: "a device from openDevice", got: String(gpu), cure });
  }
  gpu.check();
}

/**
 * Opens a device with the highest limits that its adapter grants.
 * @param options without any: the adapter that `navigator.gpu` offers
 * @throws WebgpuRnnError when there is no WebGPU or no adapter, which it says, and what to do; or an option is none of
 *   those that there are
 */
export const openDevice = (options: DeviceOptions = {}): Promise<Gpu> => openWith(localStorageCache, options);

/**
 * @param kept where what timing finds is kept
 * @param find gives an adapter where none is handed in
 */
export async function openWith(kept: Cache, options: DeviceOptions, find = requestAdapter): Promise<Gpu> {
  onlyKnown("openDevice", options, ["gpu", "adapter", "budget", "tune", "recurrentWeights"]);
  const { gpu, adapter, budget = defaultBudget(), tune, recurrentWeights } = options;
  handedIn("gpu", gpu, "GPUDevice", "lost");
  handedIn("adapter", adapter, "GPUAdapter", "requestDevice");
  flag("openDevice: tune", tune);
  oneOf("openDevice: recurrentWeights", recurrentWeights, RECURRENT_WEIGHTS);
  if (!(typeof budget === "number" && budget >= SMALLEST_BUDGET)) {
    const expected = `milliseconds, at least ${SMALLEST_BUDGET}`;
    throw refuse({ what: "openDevice: budget", expected, got: JSON.stringify(budget) });
  }
  const settings = {
    budget,
    choicesOf: tune ? await choicesIn(kept) : undefined,
    half: recurrentWeights === "float16",
  };
  const opened = gpu
    ? new Gpu(gpu, gpu.adapterInfo ?? {}, { owned: false, ...settings })
    : await requestDevice(adapter ?? (await find()), settings);
  if (/Firefox/.test(globalThis.navigator?.userAgent)) (await import("./nudge.ts")).nudgeWhileWaiting(opened.device);
  await loadPartsFor(opened.target);
  return opened;
}

/** Refuses what lacks a part that tells what it is, such as a promise that was not awaited; undefined is left out. */
function handedIn(name: "gpu" | "adapter", given: object | undefined, type: string, part: string): void {
  if (given === undefined || (Object(given) === given && part in given)) return;
  const cure = "await what gives it, or leave it out";
  throw refuse({ what: `openDevice: ${name}`, expected: `a ${type}`, got: String(given), cure });
}

async function choicesIn(cache: Cache): Promise<(adapter: string) => Choices> {
  const choices = await import("./choices.ts");
  return (adapter) => new choices.Choices(adapter, cache);
}

async function requestDevice(adapter: GPUAdapter, settings: Omit<GpuSettings, "owned">): Promise<Gpu> {
  const device = await adapter.requestDevice({
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
  });
  return new Gpu(device, adapter.info ?? {}, { owned: true, ...settings });
}

/** A page shares the GPU with all that is drawn. */
const defaultBudget = (): number => ("document" in globalThis || "importScripts" in globalThis ? 100 : 2000);

async function requestAdapter(): Promise<GPUAdapter> {
  if (globalThis.isSecureContext === false) {
    throw new WebgpuRnnError("openDevice: WebGPU needs a secure context. Serve the page from https or localhost.");
  }
  if (!globalThis.navigator?.gpu) {
    throw new WebgpuRnnError(
      "openDevice: there is no navigator.gpu here. Use a browser with WebGPU (Chrome or Edge 113, Safari 26, " +
        "Firefox 141 on Windows); in Node import openDevice from webgpu-rnn/node; in Deno pass --unstable-webgpu.",
    );
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) {
    throw new WebgpuRnnError(
      "openDevice: WebGPU is here, but it offers no adapter. Update the graphics driver or enable the browser's " +
        "hardware acceleration; Chrome on Linux may need --enable-unsafe-webgpu --enable-features=Vulkan.",
    );
  }
  return adapter;
}

function summarise(info: Partial<GPUAdapterInfo>): AdapterSummary {
  const parts = [info.vendor, info.architecture, info.description || info.device].filter(Boolean);
  const name = parts.join(" ") || "unnamed adapter";
  return { name, software: info.isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|warp/i.test(name) };
}
