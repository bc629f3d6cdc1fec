import { WebgpuRnnError } from "../errors.ts";
import { type Variant, variantKey } from "../variant.ts";
import { composeShader, loadPartsOf, type Shader } from "./shader.ts";

/** A variant made pipeline, with the layout that its own text declares. */
export interface Pipeline {
  readonly key: string;
  readonly shader: Shader;
  readonly layout: GPUBindGroupLayout;
  readonly pipeline: GPUComputePipeline;
}

/** Compiles each variant once per device; a second request while the first compiles waits for the same promise. */
export class PipelineCache {
  readonly #device: GPUDevice;
  readonly #pipelines = new Map<string, Promise<Pipeline>>();
  readonly #ready = new Map<string, Pipeline>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get(variant: Variant): Promise<Pipeline> {
    const key = variantKey(variant);
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = compile(this.#device, key, variant);
      pipeline.then(
        (made) => this.#ready.set(key, made),
        () => this.#pipelines.delete(key), // what could not be loaded may be another time
      );
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  /** The pipeline at once. One that does not exist yet is compiled behind the caller's back: an error is the device's. */
  getNow(variant: Variant): Pipeline {
    const key = variantKey(variant);
    const ready = this.#ready.get(key);
    if (ready) return ready;
    const { shader, layout, descriptor } = describe(this.#device, key, composeShader(variant));
    const pipeline = { key, shader, layout, pipeline: this.#device.createComputePipeline(descriptor) };
    this.#ready.set(key, pipeline);
    this.#pipelines.set(key, Promise.resolve(pipeline));
    return pipeline;
  }
}

async function compile(device: GPUDevice, key: string, variant: Variant): Promise<Pipeline> {
  await loadPartsOf(variant);
  const { shader, layout, module, descriptor } = describe(device, key, composeShader(variant));
  try {
    return { key, shader, layout, pipeline: await device.createComputePipelineAsync(descriptor) };
  } catch (cause) {
    throw new WebgpuRnnError(await explain(module, key, shader.source, cause), { cause });
  }
}

function describe(device: GPUDevice, key: string, shader: Shader) {
  const module = createModule(device, key, shader.source);
  const layout = device.createBindGroupLayout({ label: key, entries: layoutEntries(shader) });
  const descriptor: GPUComputePipelineDescriptor = {
    label: key,
    layout: device.createPipelineLayout({ label: key, bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  };
  return { shader, layout, module, descriptor };
}

/** What is wrong with a module is told by the pipeline made of it: as an error of the device it would end its use. */
function createModule(device: GPUDevice, label: string, code: string): GPUShaderModule {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label, code });
  device.popErrorScope().catch(() => undefined); // rejects where the device is lost
  return module;
}

const COMPUTE = 0x4; // GPUShaderStage.COMPUTE

function layoutEntries({ storages, dims }: Shader): GPUBindGroupLayoutEntry[] {
  const uniform: GPUBindGroupLayoutEntry = {
    binding: 0,
    visibility: COMPUTE,
    buffer: { type: "uniform", hasDynamicOffset: true, minBindingSize: dims.length * 4 },
  };
  return [
    uniform,
    ...storages.map(
      ({ index, access }): GPUBindGroupLayoutEntry => ({
        binding: index,
        visibility: COMPUTE,
        buffer: { type: access === "read" ? "read-only-storage" : "storage" },
      }),
    ),
  ];
}

/** The composed source around the first failing line, numbered: line numbers mean nothing without it. */
async function explain(module: GPUShaderModule, key: string, source: string, cause: unknown): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  const errors = messages.filter((message) => message.type === "error");
  const lines = source.split("\n");
  const line = errors[0]?.lineNum ?? 0;
  const excerpt = lines
    .map((text, i) => `${i + 1 === line ? ">" : " "}${String(i + 1).padStart(4)} ${text}`)
    .slice(Math.max(0, line - 6), line + 5);
  const reason = errors[0]?.message ?? (cause instanceof Error ? cause.message : String(cause));
  return [`shader "${key}" does not compile on this device: ${reason}`, ...(line > 0 ? excerpt : [])].join("\n");
}
