import type { Cell } from "../ops/cells.ts";
import type { Plan } from "../plan/plan.ts";
import type { Step } from "../plan/step.ts";
import { alignUp, type Storage, sizeOf, type Tensor } from "../tensor.ts";
import { cellTwin } from "./cell-twins.ts";
import { twins } from "./twins.ts";

/** The numbers of some storages in float64: what `Memory` is to the GPU. */
export class OracleMemory {
  readonly #arrays = new Map<Storage, Float64Array | Uint32Array>();

  /** The elements of a tensor and the padding after it, zero at first; shared with all other views of its storage. */
  view({ type, storage, offset, shape }: Tensor): Float64Array | Uint32Array {
    let array = this.#arrays.get(storage);
    if (!array) {
      array = type === "f32" ? new Float64Array(storage.length) : new Uint32Array(storage.length);
      this.#arrays.set(storage, array);
    }
    return array.subarray(offset, Math.min(offset + alignUp(sizeOf(shape)), storage.length));
  }

  clear(storage: Storage): void {
    this.#arrays.get(storage)?.fill(0);
  }

  write(target: Tensor, elements: ArrayLike<number>): void {
    this.view(target).set(elements);
  }

  /** The elements of a tensor without padding. */
  read(source: Tensor): Float64Array | Uint32Array {
    return this.view(source).slice(0, sizeOf(source.shape));
  }
}

/** Plays a plan on the CPU, every dispatch by the float64 twin of its kernel. */
export function playPlan(plan: Pick<Plan, "steps" | "zeros">, memory: OracleMemory): void {
  for (const storage of plan.zeros) memory.clear(storage);
  playSteps(plan.steps, memory);
}

/** Plays some steps of a plan. */
export function playSteps(steps: readonly Step[], memory: OracleMemory): void {
  for (const { label, variant, bindings, dims, workgroups } of steps) {
    const { kernel, flags = {}, constants = {}, cell } = variant;
    const twin = twins[kernel.name];
    if (!twin) throw new Error(`internal: ${label} plays ${kernel.name}, which has no twin`);
    const buffers = Object.fromEntries(Object.entries(bindings).map(([name, tensor]) => [name, memory.view(tensor)]));
    twin({ buffers, dims, flags, constants, workgroups, ...(cell ? { cell: cellTwin(cell as Cell) } : {}) });
  }
}
