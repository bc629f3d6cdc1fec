import { median } from "../src/cli/timing.ts";
import type { Gpu } from "../src/gpu/device.ts";
import { Memory } from "../src/gpu/memory.ts";
import type { Machine } from "../src/ops/machine-options.ts";
import { profile } from "../src/plan/profile.ts";
import { Program } from "../src/plan/program.ts";
import type { Target } from "../src/variant.ts";
import { MACHINES, MAIN, TIMES } from "./cases.ts";
import { type Job, trainingJob } from "./jobs.ts";

/** What the plan of a training step is made of. */
export interface PlanRow {
  readonly time: number; // T
  readonly machine: Machine;
  readonly dispatches: number;
  /** Device memory. */
  readonly bytes: number;
}

/** The main job's step over shorter and longer times. */
export const planRows = (target: Target): PlanRow[] =>
  TIMES.flatMap((time) =>
    MACHINES.map((machine) => {
      const { plan } = trainingJob({ ...MAIN, time }, machine, target);
      return { time, machine, dispatches: plan.steps.length, bytes: plan.bytes };
    }),
  );

const PROFILES = 3;

/** The plan as text, with the GPU time of each dispatch where the adapter can tell. */
export async function profiledPlan(gpu: Gpu, { plan, inputs }: Job): Promise<string> {
  const program = await Program.create(new Memory(gpu), plan);
  try {
    for (const [target, elements] of inputs) program.write(target, elements);
    program.run();
    const profiles: (number | undefined)[][] = [];
    while (profiles.length < PROFILES) profiles.push(await profile(program));
    const milliseconds = plan.steps.map((_, i) => {
      const readings = profiles.flatMap((times) => times[i] ?? []);
      return readings.length > 0 ? median(readings) : undefined;
    });
    return milliseconds.some((time) => time !== undefined) ? plan.toString(milliseconds) : plan.toString();
  } finally {
    program.dispose();
    program.memory.dispose();
  }
}
