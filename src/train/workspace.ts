import { Memory } from "../gpu/memory.ts";
import type { Commands } from "../gpu/queue.ts";
import { StagingRing } from "../gpu/staging.ts";
import type { ParameterLayout } from "../nn/parameters.ts";
import type { CarriedStates } from "../nn/record.ts";
import type { Plan } from "../plan/plan.ts";
import { Program } from "../plan/program.ts";
import type { Tensor } from "../tensor.ts";
import type { Parameters } from "./parameters.ts";

/** A plan, and the states that it carries from run to run. */
export interface Recorded {
  readonly plan: Plan;
  /** What takes an older chunk back, where there is a window of several. */
  readonly window?: { readonly plan: Plan } | undefined;
  readonly states: CarriedStates;
}

/** Records that the states which a program carries become zero. */
export function forget(
  encoder: Commands,
  { program, recorded }: { readonly program: Program; readonly recorded: Recorded },
): void {
  for (const state of recorded.states.values()) program.clear(encoder, state);
}

/** What trainer, evaluator and sampler stand on: a program over shared weights, with a memory of its own. */
export class Workspace<Plans extends Recorded> {
  readonly parameters: Parameters;
  readonly recorded: Plans;
  readonly program: Program;
  /** Of the window's plan. */
  readonly older: Program | undefined;
  readonly memory: Memory;
  readonly staging: StagingRing;
  #disposed = false;

  /**
   * Records a plan and compiles it.
   * @param parameters are released with the workspace, and when it cannot be made
   * @param prepare says what every run copies back, and may fill the memory
   * @throws WebgpuRnnError when a shader does not compile or the device has not enough memory; all is freed then
   */
  static async create<Plans extends Recorded>(
    parameters: Parameters,
    record: (layout: ParameterLayout) => Plans | Promise<Plans>,
    prepare: (recorded: Plans, memory: Memory) => readonly Tensor[],
  ): Promise<Workspace<Plans>> {
    const memory = new Memory(parameters.memory.gpu, parameters.memory);
    let program: Program | undefined;
    let older: Program | undefined;
    try {
      const recorded = await record(parameters.layout);
      program = await Program.create(memory, recorded.plan);
      if (recorded.window) older = await Program.create(memory, recorded.window.plan);
      const copied = prepare(recorded, memory).map(({ storage }) => memory.buffer(storage));
      return new Workspace(parameters, recorded, [program, older], copied);
    } catch (error) {
      program?.dispose();
      older?.dispose();
      memory.dispose();
      parameters.release();
      throw error;
    }
  }

  private constructor(
    parameters: Parameters,
    recorded: Plans,
    [program, older]: readonly [Program, Program | undefined],
    copied: readonly GPUBuffer[],
  ) {
    this.parameters = parameters;
    this.recorded = recorded;
    this.program = program;
    this.older = older;
    this.memory = program.memory;
    this.staging = new StagingRing(program.memory.gpu, recorded.plan.name, copied);
  }

  /** Frees everything but weights that others share; once, however often it is called. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.program.dispose();
    this.older?.dispose();
    this.staging.dispose();
    this.memory.dispose();
    this.parameters.release();
  }
}
