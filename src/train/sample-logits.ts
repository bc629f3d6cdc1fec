import { whole } from "../check.ts";
import { refuse } from "../errors.ts";
import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { MOST_WORKGROUPS } from "../ops/rows-grid.ts";
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
 * @throws WebgpuRnnError when there is no row or more than 65,535, the rows differ in length or an option is out of range
 */
export async function sampleLogits(
  gpu: Gpu,
  logits: readonly Float32Array[],
  { draw = 0, ...options }: LogitsOptions = {},
): Promise<Uint32Array> {
  const [rows, vocabulary] = [logits.length, logits[0]?.length ?? 0];
  whole("sampleLogits: rows", rows, 1, MOST_WORKGROUPS);
  whole("sampleLogits: draw", draw, 0, 2 ** 32 - 1);
  if (vocabulary === 0 || logits.some((row) => !(row instanceof Float32Array) || row.length !== vocabulary)) {
    const got = logits.map((row) => `${row?.length} in a ${row?.constructor?.name}`).join(", ");
    throw refuse({ what: "sampleLogits", expected: "a Float32Array of one and the same length for each row", got });
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
  const memory = new Memory(gpu);
  let program: Program | undefined;
  try {
    program = await Program.create(memory, recorder.finish("sample logits"));
    program.update(DRAW, dims);
    for (const [i, row] of logits.entries()) {
      memory.write({ ...tensors.logits, offset: i * vocabulary }, row);
    }
    program.write(tensors.cursor, new Uint32Array(rows).fill(draw));
    program.run();
    return (await program.read(tensors.next))[0] as Uint32Array;
  } finally {
    program?.dispose();
    memory.dispose();
  }
}
