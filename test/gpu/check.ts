import type { Gpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { composeShader } from "../../src/gpu/shader.ts";
import type { CellTwin, Twin } from "../../src/oracle/twin.ts";
import { Plan } from "../../src/plan/plan.ts";
import { Program } from "../../src/plan/program.ts";
import type { Workgroups } from "../../src/plan/step.ts";
import { type Tensor, tensor } from "../../src/tensor.ts";
import type { Variant } from "../../src/variant.ts";

export type Elements = Float32Array | Uint32Array;

export interface DispatchCheck {
  variant: Variant;
  /** The float64 twin of the kernel. */
  twin: Twin;
  /** The float64 twin of the variant's cell. */
  cell?: CellTwin;
  dims: Record<string, number>;
  /** What every binding holds before the dispatch. */
  buffers: Record<string, Elements>;
  workgroups: Workgroups;
  /**
   * Largest allowed |GPU − twin| of an element, as derived in the case; 0 for exact.
   * Must be given for every writable f32 binding; u32 bindings are always compared exactly.
   */
  tolerance: Record<string, number | ((index: number, reference: number) => number)>;
}

/** Plays one dispatch on the GPU and by its twin from the same buffers and compares everything it may write. */
export async function checkDispatch(gpu: Gpu, check: DispatchCheck): Promise<Record<string, Elements>> {
  const written = await playDispatch(gpu, check);
  const reference = playTwin(check);
  for (const [name, actual] of Object.entries(written)) {
    const allowed = actual instanceof Uint32Array ? 0 : check.tolerance[name];
    if (allowed === undefined) throw new Error(`no tolerance is given for ${name}`);
    compare(name, actual, reference[name] as Float64Array | Uint32Array, allowed);
  }
  return written;
}

/** What a dispatch is made of. */
export type Dispatch = Omit<DispatchCheck, "tolerance">;

/** Plays one dispatch by its twin. @returns what its bindings hold afterwards */
export function playTwin({ variant, twin, cell, dims, buffers, workgroups }: Dispatch) {
  const reference = Object.fromEntries(
    Object.entries(buffers).map(([name, data]) => [
      name,
      data instanceof Float32Array ? Float64Array.from(data) : Uint32Array.from(data),
    ]),
  );
  const { flags = {}, constants = {} } = variant;
  twin({ buffers: reference, dims, flags, constants, workgroups, ...(cell ? { cell } : {}) });
  return reference;
}

/** Plays one dispatch on the GPU. @returns what its writable bindings hold afterwards */
export async function playDispatch(
  gpu: Gpu,
  { variant, dims, buffers, workgroups }: Pick<DispatchCheck, "variant" | "dims" | "buffers" | "workgroups">,
): Promise<Record<string, Elements>> {
  const tensors = Object.fromEntries(
    Object.entries(buffers).map(([name, data]): [string, Tensor] => [
      name,
      tensor(name, [data.length], { type: data instanceof Float32Array ? "f32" : "u32" }),
    ]),
  );
  const label = variant.kernel.name;
  const plan = new Plan(label, [{ label, variant, bindings: tensors, dims, workgroups, multiplyAdds: 0 }]);
  const memory = new Memory(gpu);
  const program = await Program.create(memory, plan);
  try {
    for (const [name, data] of Object.entries(buffers)) program.write(tensors[name] as Tensor, data);
    program.run();
    const writable = composeShader(variant).storages.filter(({ access }) => access === "read_write");
    const data = await program.read(...writable.map(({ name }) => tensors[name] as Tensor));
    gpu.check();
    return Object.fromEntries(writable.map(({ name }, i) => [name, data[i] as Elements]));
  } finally {
    program.dispose();
    memory.dispose();
  }
}

/** Throws with the first mismatches, each with its index and both values. */
export function compare(
  name: string,
  actual: ArrayLike<number>,
  reference: ArrayLike<number>,
  tolerance: number | ((index: number, reference: number) => number),
): void {
  if (actual.length !== reference.length)
    throw new Error(`${name}: ${actual.length} elements, not ${reference.length}`);
  const bound = typeof tolerance === "number" ? () => tolerance : tolerance;
  const wrong: string[] = [];
  let count = 0;
  for (let i = 0; i < actual.length; i++) {
    const [got, wanted] = [actual[i] as number, reference[i] as number];
    const allowed = bound(i, wanted);
    if (Math.abs(got - wanted) <= allowed || Object.is(got, wanted)) continue;
    count += 1;
    if (wrong.length < 5) wrong.push(`[${i}] GPU ${got}, twin ${wanted}, allowed difference ${allowed}`);
  }
  if (count > 0) throw new Error(`${name}: ${count} of ${actual.length} differ: ${wrong.join("; ")}`);
}
