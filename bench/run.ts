import type { AdapterSummary, Gpu } from "../src/gpu/device.ts";
import { MACHINES, MAIN } from "./cases.ts";
import { type Ceilings, measureCeilings, raised } from "./ceilings.ts";
import { agrees } from "./check.ts";
import type { CallCounter } from "./count-calls.ts";
import { benchEndurance, type EnduranceRow } from "./endurance.ts";
import { trainingJob } from "./jobs.ts";
import { benchKernels, type KernelRow } from "./kernels.ts";
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
  /** Largest relative difference of the scan machine's losses from the step machine's. */
  readonly machinesDiffer: number;
  readonly plans: readonly PlanRow[];
  readonly sampling: SamplingRow;
  readonly endurance: EnduranceRow;
  /** What is not as it must be; empty when all is well. */
  readonly failures: readonly string[];
}

/** The bound that the losses keep against a float64 reference. */
const LOSS_TOLERANCE = 1e-5;

/** Measures everything and tells of it part by part. */
export async function runBench(gpu: Gpu, counter: CallCounter, print: (text: string) => void): Promise<BenchResult> {
  const { adapter, target } = gpu;
  const { batch, time, features, hidden, vocabulary } = MAIN;
  print(`adapter: ${adapter.name}${adapter.software ? " (software)" : ""}`);
  print(`B ${batch}, T ${time}, E ${features}, H ${hidden}, V ${vocabulary}; medians; 1 multiply-add is 2 FLOP`);

  const measured = await measureCeilings(gpu);
  print(`\nceilings of this adapter, by kernels that do nothing else\n${ceilingsTable(measured)}`);

  const kernels: KernelRow[] = [];
  for await (const row of benchKernels(gpu, mainJobs(target))) kernels.push(row);
  const ceilings = raised(measured, kernels);
  print(`\nkernels, each checked against its float64 twin, then timed\n${kernelTable(kernels, ceilings)}`);

  const training: TrainingRow[] = [];
  for (const machine of MACHINES) training.push(await benchTraining(gpu, { sizes: MAIN, machine, counter }));
  const [scan, step] = training as [TrainingRow, TrainingRow];
  const machinesDiffer = lossDifference(scan.losses, step.losses);
  print(
    `\ntraining step: embedding → LSTM → linear → cross-entropy → clip → Adam\n${trainingTable(training, ceilings)}`,
  );
  print(`losses of the machines differ by ${machinesDiffer.toExponential(1)} at most, relatively`);

  const plans = planRows(target);
  print(`\ndispatches of a training step\n${planTable(plans)}`);
  print(`\n${await profiledPlan(gpu, trainingJob(MAIN, "scan", target))}`);

  const sampling = await benchSampling(gpu, MAIN, counter);
  print(`\nsampling token by token\n${samplingTable(sampling)}`);
  const endurance = await benchEndurance(gpu, counter);
  print(`\nmany tiny training steps\n${enduranceTable(endurance)}`);

  const failures = [
    ...kernels.filter((row) => !agrees(row)).map((row) => `${row.variant} does not agree with its twin`),
    ...(machinesDiffer <= LOSS_TOLERANCE ? [] : ["the two recurrent machines do not agree"]),
    ...(endurance.after.bytes === endurance.before.bytes ? [] : ["training steps leave buffers behind"]),
  ];
  return { adapter, ceilings, kernels, training, machinesDiffer, plans, sampling, endurance, failures };
}
