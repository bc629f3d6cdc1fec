import { checkFinite } from "../batch/host-layout.ts";
import { refuse } from "../errors.ts";
import { Memory } from "../gpu/memory.ts";
import { type ParameterLayout, twinSlab } from "../nn/parameters.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { initialMoments, momentSlabs, recordUpdate } from "../optim/update.ts";
import { Program } from "../plan/program.ts";
import { Recorder } from "../plan/recorder.ts";
import { sizeOf, whole } from "../tensor.ts";
import { controlTensors } from "../train/control.ts";
import type { Parameters } from "../train/parameters.ts";

/** Updates weights with gradients that come as one array, made at its first use. */
export class Update {
  readonly #parameters: Parameters;
  readonly #optimizer: Optimizer | undefined;
  readonly #memory: Memory;
  readonly #gradients;
  #program: Program | undefined;

  constructor(parameters: Parameters, optimizer: Optimizer | undefined) {
    this.#parameters = parameters;
    this.#optimizer = optimizer;
    this.#memory = new Memory(parameters.memory.gpu, parameters.memory);
    this.#gradients = whole(twinSlab(parameters.layout, "gradients"));
  }

  async apply(gradients: Float32Array): Promise<void> {
    if (!this.#optimizer) {
      const cure = "give createDifferentiator an optimizer";
      throw refuse({ what: "applyFlat", expected: "an optimizer to apply them with", got: "none", cure });
    }
    const length = lengthOf(this.#parameters.layout);
    if (gradients?.length !== length) {
      const expected = `${length} numbers, one for each parameter`;
      throw refuse({ what: "applyFlat: gradients", expected, got: String(gradients?.length) });
    }
    checkFinite("applyFlat: gradients", gradients);
    this.#program ??= await this.#create(this.#optimizer);
    const slab = new Float32Array(this.#gradients.storage.length);
    eachPart(this.#parameters.layout, (at, offset, size) => slab.set(gradients.subarray(at, at + size), offset));
    this.#program.write(this.#gradients, slab);
    this.#program.run();
  }

  dispose(): void {
    this.#program?.dispose();
    this.#memory.dispose();
  }

  async #create(optimizer: Optimizer): Promise<Program> {
    const { layout, memory } = this.#parameters;
    const recorder = new Recorder({ target: memory.gpu.target });
    const { control, counters, losses } = controlTensors();
    const moments = momentSlabs(layout, { optimizer });
    const slabs = { gradients: this.#gradients, moments, control, counters, losses };
    recordUpdate(recorder, layout, slabs, { optimizer });
    const program = await Program.create(this.#memory, recorder.finish("update"));
    for (const [moment, values] of initialMoments(optimizer, moments)) program.write(moment, values);
    return program;
  }
}

const lengthOf = ({ tensors }: ParameterLayout): number =>
  [...tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** Visits each parameter with its place in the flat array and in the slab. */
function eachPart({ tensors }: ParameterLayout, visit: (at: number, offset: number, length: number) => void): void {
  let at = 0;
  for (const { offset, shape } of tensors.values()) {
    visit(at, offset, sizeOf(shape));
    at += sizeOf(shape);
  }
}
