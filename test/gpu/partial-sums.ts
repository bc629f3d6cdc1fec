import type { Gpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { addPartialSums } from "../../src/ops/column-sum.ts";
import { weightGradient } from "../../src/ops/linear.ts";
import { gemm } from "../../src/oracle/gemm.ts";
import { Program } from "../../src/plan/program.ts";
import { Recorder } from "../../src/plan/recorder.ts";
import { alignUp, type Tensor, tensor } from "../../src/tensor.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { noise } from "./noise.ts";

/** Terms of each sum in dW = dyᵀ · x: 3 · 2⁷, which many numbers of parts divide. */
const K = 384;

/**
 * More gradients than one dispatch adds up: several tiles and one, sizes that four does not divide, a row, a column. That
 * with most elements is neither the first nor the last of its dispatch.
 */
const SHAPES = [
  [65, 40],
  [7, 33],
  [64, 64],
  [1, 9],
  [36, 1],
] as const;

/** Additions that a part takes part in: see `column_sum.ts`. One chunk for each invocation of a column is enough here. */
const ADDITIONS = 32 + 1 + 4;

/**
 * What a GPU would do, on any adapter: its gradients in parts of K, the last first as on a way back. What lies between them
 * in the slab stays. A product is rounded once and takes part in all additions of its part, K at most, then in those of
 * the sum of parts: each rounds by 2^-24 of a partial sum, which the sum of magnitudes bounds.
 */
async function checkGradients(gpu: Gpu): Promise<void> {
  let length = 64;
  const places = SHAPES.map(([m, n]) => {
    const offset = length;
    length += alignUp(m * n) + 64;
    return { m, n, offset };
  });
  const [parameters, gradients] = [tensor("parameters", [length]), tensor("gradients", [length])];
  const recorder = new Recorder({
    target: { ...gpu.target, software: false },
    slabs: { parameters: parameters.storage, gradients: gradients.storage },
  });
  const before = noise(length, 1);
  const wanted = Float64Array.from(before);
  const magnitudes = new Float64Array(length);
  const given: [Tensor, Float32Array][] = [[gradients, before]];
  places.toReversed().forEach(({ m, n, offset }, place) => {
    const [dy, x] = [tensor(`dy${place}`, [K, m]), tensor(`x${place}`, [K, n])];
    const [a, b] = [noise(K * m, 2 * place + 2), noise(K * n, 2 * place + 3)];
    weightGradient(recorder, { x, dy, weight: { ...parameters, shape: [m, n], offset } });
    given.push([dy, a], [x, b]);
    const into = (c: Float64Array, of: (value: number) => number): void =>
      gemm({
        buffers: { a: Float64Array.from(a, of), b: Float64Array.from(b, of), c },
        dims: { m, n, k: K, a_stride: m, b_offset: 0, c_offset: offset, a_part: 0, b_part: 0, c_part: 0 },
        flags: { TRANSPOSE_A: true },
        constants: {},
        workgroups: [1, 1, 1],
      });
    into(wanted, (value) => value);
    into(magnitudes, Math.abs);
  });
  addPartialSums(recorder);
  const plan = recorder.finish("gradients in parts");
  const count = (end: string): number => plan.steps.filter(({ label }) => label.endsWith(end)).length;
  if (count("parts of K") !== SHAPES.length || count("partial_sums") !== 2) throw new Error(`not in parts: ${plan}`);
  const memory = new Memory(gpu);
  const program = await Program.create(memory, plan);
  try {
    for (const [to, elements] of given) program.write(to, elements);
    program.run();
    const [actual] = await program.read(gradients);
    compare("gradients", actual as Float32Array, wanted, (i) => (K + ADDITIONS) * 2 ** -24 * (magnitudes[i] as number));
  } finally {
    program.dispose();
    memory.dispose();
  }
}

export const cases: GpuCase[] = [{ name: "gradients of many rows in parts of K, as on a GPU", run: checkGradients }];
