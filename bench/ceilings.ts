import { millisecondsOf } from "../src/cli/timing.ts";
import type { Gpu } from "../src/gpu/device.ts";
import { Memory } from "../src/gpu/memory.ts";
import { elementwise } from "../src/ops/elementwise.ts";
import { Plan } from "../src/plan/plan.ts";
import { Program } from "../src/plan/program.ts";
import type { Step } from "../src/plan/step.ts";
import { tensor } from "../src/tensor.ts";
import copySource from "./copy.wgsl?raw";
import multiplyAddSource from "./multiply_add.wgsl?raw";
import { commands } from "./timing.ts";

/** How fast something is. */
export interface Rate {
  /** Multiplications and additions, 10⁹ in a second; 0 for what multiplies nothing. */
  readonly gigaflops: number;
  /** Bytes read and written, 10⁹ in a second. */
  readonly gigabytes: number;
}

/** What an adapter could do at best, measured by kernels that do nothing else: the best of all ways, whenever tried. */
export interface Ceilings extends Rate {
  /** Every way tried, each time that it was: GFLOP/s of the multiply-adds, GB/s of the copies. */
  readonly tried: Readonly<Record<string, readonly number[]>>;
}

const LANES = 64;
const ROUNDS = 256;
const LINKS = 4;
const CHAINS = [4, 8, 16] as const;
const COPIED_MIB = [1, 16] as const;

/** Of the ceiling that matters: multiply-adds for what multiplies, else the copy. */
export const shareOf = ({ gigaflops, gigabytes }: Rate, ceilings: Ceilings): number =>
  gigaflops === 0 ? gigabytes / ceilings.gigabytes : gigaflops / ceilings.gigaflops;

/** The ceilings, raised to the fastest of what was measured under them. */
export const raised = (ceilings: Ceilings, rates: readonly Rate[]): Ceilings => ({
  ...ceilings,
  gigaflops: Math.max(...[ceilings, ...rates].map(({ gigaflops }) => gigaflops).filter(Number.isFinite)),
  gigabytes: Math.max(...[ceilings, ...rates].map(({ gigabytes }) => gigabytes).filter(Number.isFinite)),
});

/**
 * The best of ceilings measured before and after what stands under them: what else the machine does comes and goes within
 * a run of minutes, and a share of a ceiling from its worst moment says too much.
 */
export const better = (before: Ceilings, after: Ceilings): Ceilings => ({
  ...raised(before, [after]),
  tried: Object.fromEntries(
    Object.entries(before.tried).map(([way, rates]) => [way, [...rates, ...(after.tried[way] ?? [])]]),
  ),
});

/** Invocations: a few for each core of a CPU, or enough to fill a large GPU several times over. */
const workgroupsFor = ({ adapter }: Gpu): number => (adapter.software ? 32 : 8192);

export async function measureCeilings(gpu: Gpu): Promise<Ceilings> {
  const gigaflops: Record<string, number> = {};
  for (const chains of CHAINS) {
    for (const fma of [true, false]) {
      const step = multiplyAddStep(workgroupsFor(gpu), chains, fma);
      gigaflops[`${chains} chains, ${fma ? "fma" : "a*b+c"}`] = (2 * step.multiplyAdds) / (await time(gpu, step)) / 1e6;
    }
  }
  const gigabytes: Record<string, number> = {};
  for (const mebibytes of COPIED_MIB) {
    const bytes = mebibytes * 2 ** 20;
    gigabytes[`copy of ${mebibytes} MiB`] = (2 * bytes) / (await time(gpu, copyStep(bytes / 4))) / 1e6;
  }
  return {
    gigaflops: Math.max(...Object.values(gigaflops)),
    gigabytes: Math.max(...Object.values(gigabytes)),
    tried: Object.fromEntries(Object.entries({ ...gigaflops, ...gigabytes }).map(([way, rate]) => [way, [rate]])),
  };
}

function multiplyAddStep(workgroups: number, chains: (typeof CHAINS)[number], fma: boolean): Step {
  const invocations = workgroups * LANES;
  return {
    label: "multiply_add",
    variant: {
      kernel: { name: "multiply_add", source: multiplyAddSource },
      flags: { FMA: fma, EIGHT: chains >= 8, SIXTEEN: chains >= 16 },
    },
    bindings: { out: tensor("out", [invocations]) },
    dims: { rounds: ROUNDS },
    workgroups: [workgroups, 1, 1],
    multiplyAdds: invocations * ROUNDS * chains * LINKS * 4,
  };
}

const copyStep = (length: number): Step => ({
  label: "copy",
  variant: { kernel: { name: "copy", source: copySource } },
  bindings: { a: tensor("a", [length]), out: tensor("out", [length]) },
  dims: { length },
  workgroups: elementwise(length / 4),
  multiplyAdds: 0,
});

async function time(gpu: Gpu, step: Step): Promise<number> {
  const program = await Program.create(new Memory(gpu), new Plan(step.label, [step]));
  try {
    return await millisecondsOf(commands(gpu, (encoder, times) => program.encode(encoder, times)));
  } finally {
    program.dispose();
    program.memory.dispose();
  }
}
