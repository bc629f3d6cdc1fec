import { Profiler } from "../gpu/profiler.ts";
import { submit } from "../gpu/queue.ts";
import type { Program } from "./program.ts";

/**
 * Plays a program once, each dispatch in a pass of its own between two timestamps.
 * @returns GPU milliseconds by step; undefined where the adapter cannot tell
 */
export async function profile(program: Program): Promise<(number | undefined)[]> {
  const { gpu } = program.memory;
  const { length } = program.plan.steps;
  const profiler = Profiler.create(gpu, length);
  submit(gpu, (encoder) => {
    program.encodeApart(encoder, (i) => profiler?.passOptions(i));
    profiler?.resolve(encoder);
  });
  return profiler ? profiler.milliseconds() : Array.from({ length }, () => undefined);
}
