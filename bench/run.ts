import { table } from "../src/cli/table.ts";
import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import { MACHINES, MAIN } from "./cases.ts";
import { better, type Ceilings, measureCeilings, raised } from "./ceilings.ts";
import type { CallCounter } from "./count-calls.ts";
import { benchEndurance, type EnduranceRow } from "./endurance.ts";
import { trainingJob } from "./jobs.ts";
import { benchKernels, type KernelRow, kernelFailures } from "./kernels.ts";
import type { Listener } from "./listener.ts";
import { type PlanRow, planRows, profiledPlan } from "./plans.ts";
import { ceilingsTable, enduranceTable, kernelTable, planTable, samplingTable, trainingTable } from "./report.ts";
import { benchSampling, type SamplingRow } from "./sampling.ts";
import { mainJobs } from "./sweep.ts";
import { benchTraining, lossDifference, type TrainingRow } from "./training.ts";

/** All that one run measures, on one adapter. */
export interface BenchResult {
  readonly adapter: AdapterSummary;
  readonly ceilings: Ceilings;
  readonly kernels: readonly KernelRow[];
  readonly training: readonly TrainingRow[];
  /** Largest relative difference of the scan machine's losses from the step machine's; NaN where one failed. */
  readonly machinesDiffer: number;
  readonly plans: readonly PlanRow[];
  readonly sampling?: SamplingRow;
  readonly endurance?: EnduranceRow;
  /** What is not as it must be; empty when all is well. */
  readonly failures: readonly string[];
}

/** The bound that the losses keep against a float64 reference. */
const LOSS_TOLERANCE = 1e-5;

/** Measures everything and tells of it part by part. */
export async function runBench(
  gpu: Gpu,
  counter: CallCounter,
  { print, progress }: Listener<BenchResult>,
): Promise<BenchResult> {
  const { adapter, target } = gpu;
  const { batch, time, features, hidden, vocabulary } = MAIN;
  print(`adapter: ${adapter.name}${adapter.software ? " (software)" : ""}`);
  print(`B ${batch}, T ${time}, E ${features}, H ${hidden}, V ${vocabulary}; medians; 1 multiply-add is 2 FLOP`);

  const before = await measureCeilings(gpu);
  const kernels: KernelRow[] = [];
  for await (const row of benchKernels(gpu, mainJobs(target), progress)) kernels.push(row);
  const failures = kernelFailures(kernels);
  /** One part that fails does not keep the others from being measured. */
  const attempt = async <Part>(what: string, part: () => Promise<Part>): Promise<Part | undefined> => {
    progress(what);
    try {
      return await part();
    } catch (error) {
      failures.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  };

  const training: TrainingRow[] = [];
  for (const machine of MACHINES) {
    const row = await attempt(`training step, ${machine}`, () => benchTraining(gpu, { sizes: MAIN, machine, counter }));
    if (row) training.push(row);
  }
  const measured = better(before, await measureCeilings(gpu));
  const ceilings = raised(measured, kernels);
  print(`\nceilings of this adapter, by kernels that do nothing else\n${table(...ceilingsTable(measured))}`);
  print(`\nkernels, each checked against its float64 twin, then timed\n${table(...kernelTable(kernels, ceilings))}`);

  const [scan, step] = training;
  const machinesDiffer = scan && step ? lossDifference(scan.losses, step.losses) : Number.NaN;
  print(
    `\ntraining step: embedding → LSTM → linear → cross-entropy → clip → Adam\n${table(...trainingTable(training, ceilings))}`,
  );
  print(`losses of the machines differ by ${machinesDiffer.toExponential(1)} at most, relatively`);
  if (scan && step && !(machinesDiffer <= LOSS_TOLERANCE)) failures.push("the two recurrent machines do not agree");

  const plans = planRows(target);
  print(`\ndispatches of a training step\n${table(...planTable(plans))}`);
  await attempt("profile", async () => print(`\n${await profiledPlan(gpu, trainingJob(MAIN, "scan", target))}`));

  const sampling = await attempt("sampling", () => benchSampling(gpu, MAIN, counter));
  if (sampling) print(`\nsampling token by token\n${table(...samplingTable(sampling))}`);
  const endurance = await attempt("many tiny steps", () => benchEndurance(gpu, counter));
  if (endurance) {
    print(`\nmany tiny training steps\n${table(...enduranceTable(endurance))}`);
    if (endurance.after.bytes !== endurance.before.bytes) failures.push("training steps leave buffers behind");
  }
  return {
    ...{ adapter, ceilings, kernels, training, machinesDiffer, plans, failures },
    ...(sampling && { sampling }),
    ...(endurance && { endurance }),
  };
}
