import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { DRAW, drawToken, type SamplingOptions, samplingDims } from "../ops/sampling.ts";
import { Program } from "../plan/program.ts";
import { Recorder } from "../plan/recorder.ts";
import { tensor } from "../tensor.ts";

export interface LogitsOptions extends SamplingOptions {
  /** Which draw of the seed this is, a whole number from 0: equal numbers give equal tokens. Default 0. */
  draw?: number;
}

/**
 * Draws one token for each row of logits, as generation does.
 * A NaN logit is never drawn; infinite ones count as the largest finite numbers.
 * @param logits B rows of V numbers, not normalised
 * @returns [B] ids
 * @throws WebgpuRnnError when there is no row, the rows differ in length or an option is out of range
 */
export async function sampleLogits(
  gpu: Gpu,
  logits: readonly Float32Array[],
  { draw = 0, ...options }: LogitsOptions = {},
): Promise<Uint32Array> {
  const [rows, vocabulary] = [logits.length, logits[0]?.length ?? 0];
  if (vocabulary === 0 || logits.some((row) => row.length !== vocabulary)) {
    const lengths = logits.map((row) => row.length).join(", ") || "no row";
    throw refuse({ what: "sampleLogits", expected: "rows of one and the same length above 0", got: lengths });
  }
  const dims = samplingDims(options);
  const tensors = {
    logits: tensor("logits", [rows, vocabulary]),
    tokens: tensor("tokens", [rows, 1], { type: "u32" }),
    cursor: tensor("cursor", [rows], { type: "u32" }),
    next: tensor("next", [rows], { type: "u32" }),
  };
  const recorder = new Recorder({ target: gpu.target });
  drawToken(recorder, tensors);
  const program = await Program.create(new Memory(gpu), recorder.finish("sample logits"));
  try {
    program.update(DRAW, dims);
    for (const [i, row] of logits.entries()) {
      program.memory.write({ ...tensors.logits, offset: i * vocabulary }, row);
    }
    program.write(tensors.cursor, new Uint32Array(rows).fill(draw));
    program.run();
    return (await program.read(tensors.next))[0] as Uint32Array;
  } finally {
    program.dispose();
    program.memory.dispose();
  }
}
