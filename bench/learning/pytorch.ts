import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeSafetensors } from "../../src/io/safetensors.ts";
import type { HostTensor, NamedTensors } from "../../src/tensor.ts";
import { CLIP_NORM, type Job, type Learned, type Rows } from "./job.ts";

/** npm runs its scripts in the folder of package.json. */
const SCRIPT = "bench/learning/pytorch.py";

/** What PyTorch makes of the same job from the same weights, in float32. */
export function learnInPytorch(python: string, job: Job, initial: NamedTensors): Learned {
  const { model, loss, learningRate, at } = job;
  const folder = mkdtempSync(join(tmpdir(), "webgpu-rnn-learning-"));
  const write = (name: string, data: string | Uint8Array): void => writeFileSync(join(folder, name), data);
  try {
    const layers = model.layers.map(({ kind, config }) => ({ kind, config }));
    write("job.json", JSON.stringify({ layers, loss: loss.kind, learningRate, clipNorm: CLIP_NORM, at }));
    write("weights.safetensors", writeSafetensors(initial));
    for (const part of ["training", "heldOut"] as const) {
      write(`${part}.safetensors`, writeSafetensors(columnsOf(job, job[part])));
    }
    return JSON.parse(execFileSync(python, [SCRIPT, folder], { encoding: "utf8", maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** All batches, one behind the other: inputs [N, B, T] or [N, B, T, I], targets [N, B, …], lengths [N, B], starts [N]. */
function columnsOf({ model, time }: Job, batches: readonly Rows[]): NamedTensors {
  const width = model.layers[0]?.input;
  return new Map([
    [
      "inputs",
      stacked(
        batches.map(({ inputs }) => inputs),
        width === "ids" ? [time] : [time, width as number],
      ),
    ],
    ["targets", stacked(batches.map(({ targets }) => targets))],
    [
      "lengths",
      stacked(
        batches.map(({ inputs, lengths }) => inputs.map((_, row) => [lengths?.[row] ?? time])),
        [],
      ),
    ],
    ["starts", { shape: [batches.length], data: Float32Array.from(batches, ({ start }) => (start === false ? 0 : 1)) }],
  ]);
}

/** [N, B, …] of N batches of B rows; ids stay exact in float32. */
function stacked(batches: readonly (readonly ArrayLike<number>[])[], shape?: readonly number[]): HostTensor {
  const [rows = []] = batches;
  const length = rows[0]?.length ?? 0;
  const data = new Float32Array(batches.length * rows.length * length);
  for (const [place, row] of batches.flat().entries()) data.set(row, place * length);
  return { shape: [batches.length, rows.length, ...(shape ?? [length])], data };
}
