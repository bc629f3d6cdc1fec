import { packDims } from "../gpu/dims.ts";
import type { Pipeline } from "../gpu/kernel.ts";
import type { Elements, Memory } from "../gpu/memory.ts";
import { type Commands, submit } from "../gpu/queue.ts";
import { COPY_DST, UNIFORM } from "../gpu/usage.ts";
import type { Storage, Tensor } from "../tensor.ts";
import { BindGroups } from "./bind-groups.ts";
import type { Plan } from "./plan.ts";
import type { Step } from "./step.ts";

/** Bytes between the `Dims` of two dispatches: WebGPU's default alignment of dynamic offsets. */
const SLOT = 256;

/** The steps before the way back, the way back, or what follows it. */
export type Phase = "forward" | "backward" | "update";

interface PreparedStep {
  readonly step: Step;
  readonly pipeline: Pipeline;
  readonly bindGroup: GPUBindGroup;
  /** Byte offset of its `Dims`. */
  readonly slot: number;
}

/**
 * A plan that has met its device: pipelines compiled, buffers and bind groups made, `Dims` written.
 * Playing it creates nothing but the command buffer.
 */
export class Program {
  readonly plan: Plan;
  readonly memory: Memory;
  readonly #uniforms: GPUBuffer;
  readonly #prepared: readonly PreparedStep[];

  /**
   * @param memory holds the plan's buffers; what it, or the memory below it, has already is shared
   * @throws WebgpuRnnError when a shader does not compile or a buffer does not fit the device
   */
  static async create(memory: Memory, plan: Plan): Promise<Program> {
    const { pipelines } = memory.gpu;
    const compiled = await Promise.all(plan.steps.map(({ variant }) => pipelines.get(variant)));
    await memory.reserve(plan.name, plan.placement.values());
    return new Program(memory, plan, compiled);
  }

  /**
   * The same at once, for a plan beside another whose program has met the device: nothing but its pipelines and what the
   * other's buffers are too short for is new.
   * @throws WebgpuRnnError when a buffer does not fit the device
   */
  static createNow(memory: Memory, plan: Plan): Program {
    const { pipelines } = memory.gpu;
    return new Program(
      memory,
      plan,
      plan.steps.map(({ variant }) => pipelines.getNow(variant)),
    );
  }

  private constructor(memory: Memory, plan: Plan, pipelines: readonly Pipeline[]) {
    const { device } = memory.gpu;
    this.plan = plan;
    this.memory = memory;
    this.#uniforms = device.createBuffer({
      label: `${plan.name}.dims`,
      size: Math.max(1, plan.steps.length) * SLOT,
      usage: UNIFORM | COPY_DST,
    });
    const groups = new BindGroups(device, this.#uniforms, this.#bufferOf);
    this.#prepared = plan.steps.map((step, i) => {
      const pipeline = pipelines[i] as Pipeline;
      const prepared = { step, pipeline, bindGroup: groups.get(step, pipeline), slot: i * SLOT };
      this.#writeDims(prepared, step.dims);
      return prepared;
    });
  }

  /** Records the preparation once and the rest of the plan `times` times. */
  encode(encoder: Commands, times = 1): void {
    const { name, preparation, zeros } = this.plan;
    for (const storage of zeros) encoder.clearBuffer(this.#bufferOf(storage));
    const repeated = this.#prepared.slice(preparation);
    const all = Array.from({ length: times }, () => repeated);
    encodePass(encoder, name, [...this.#prepared.slice(0, preparation), ...all.flat()]);
  }

  /** Records a part of the plan; what is zero whenever the plan begins is so before the forward steps. */
  encodePhase(encoder: Commands, phase: Phase): void {
    const { name, forward, back, zeros } = this.plan;
    if (phase === "forward") for (const storage of zeros) encoder.clearBuffer(this.#bufferOf(storage));
    const [begin, end] = { forward: [0, forward], backward: [forward, back], update: [back] }[phase];
    encodePass(encoder, `${name} ${phase}`, this.#prepared.slice(begin, end));
  }

  /** Plays the plan once: one submit, or several by the budget. */
  run(): void {
    submit(this.memory.gpu, (encoder) => this.encode(encoder));
  }

  /** Changes values of `Dims` of the first dispatch with a label, for all runs submitted from now on. */
  update(label: string, dims: Readonly<Record<string, number>>): void {
    const prepared = this.#prepared.find(({ step }) => step.label === label);
    if (!prepared) throw new Error(`internal: ${this.plan.name} has no dispatch ${label}`);
    this.#writeDims(prepared, { ...prepared.step.dims, ...dims });
  }

  /** Writes the elements of a tensor of the plan. */
  write(target: Tensor, elements: Elements): void {
    this.memory.write(this.#placed(target), elements);
  }

  /** Records that a tensor's storage becomes zero. */
  clear(encoder: Commands, { storage }: Tensor): void {
    encoder.clearBuffer(this.#bufferOf(storage));
  }

  /** The buffer that holds a tensor of the plan. */
  bufferOf(tensor: Tensor): GPUBuffer {
    return this.#bufferOf(tensor.storage);
  }

  /** Reads tensors of the plan with one submit; scratch holds what its last user in the plan left. */
  read(...tensors: Tensor[]): Promise<Elements[]> {
    return this.memory.read(...tensors.map(this.#placed));
  }

  /** Records the plan, each dispatch in a pass of its own. @param optionsOf what each pass has beside its label */
  encodeApart(encoder: Commands, optionsOf: (i: number) => GPUComputePassDescriptor | undefined): void {
    for (const storage of this.plan.zeros) encoder.clearBuffer(this.#bufferOf(storage));
    this.#prepared.forEach((prepared, i) => {
      encoder.endsBefore?.(prepared.step.milliseconds ?? 0);
      const pass = encoder.beginComputePass({ label: prepared.step.label, ...optionsOf(i) });
      dispatch(pass, prepared);
      pass.end();
    });
  }

  /** Frees what the program made; the buffers belong to its memory. */
  dispose(): void {
    this.#uniforms.destroy();
  }

  #writeDims({ step, pipeline, slot }: PreparedStep, dims: Readonly<Record<string, number>>): void {
    const words = packDims(pipeline.shader.dims, dims, step.label);
    this.memory.gpu.device.queue.writeBuffer(this.#uniforms, slot, words);
  }

  #bufferOf = (storage: Storage): GPUBuffer => this.memory.buffer(this.plan.placement.get(storage) ?? storage);

  #placed = (tensor: Tensor): Tensor => ({
    ...tensor,
    storage: this.plan.placement.get(tensor.storage) ?? tensor.storage,
  });
}

/** Records one compute pass, or one for each submit that it is cut into. */
function encodePass(encoder: Commands, label: string, all: readonly PreparedStep[]): void {
  let pass = encoder.beginComputePass({ label });
  for (const prepared of all) {
    if (encoder.endsBefore?.(prepared.step.milliseconds ?? 0)) {
      pass.end();
      pass = encoder.beginComputePass({ label });
    }
    dispatch(pass, prepared);
  }
  pass.end();
}

function dispatch(pass: GPUComputePassEncoder, { step, pipeline, bindGroup, slot }: PreparedStep): void {
  pass.setPipeline(pipeline.pipeline);
  pass.setBindGroup(0, bindGroup, [slot]);
  pass.dispatchWorkgroups(...step.workgroups);
}
