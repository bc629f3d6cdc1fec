import { type Gpu, WebgpuRnnError } from "../src/index.ts";
import { element, show } from "./elements.ts";

const adapterLine = element("adapter", HTMLElement);
const problem = element("problem", HTMLElement);

/** Says what computes here, and what to expect of it. */
export function showAdapter({ adapter }: Gpu): void {
  const note = adapter.software
    ? " This is a software adapter: it computes on the CPU, far slower than a graphics card, so the model starts small."
    : "";
  show(adapterLine, `Running on ${adapter.name}.${note}`);
  adapterLine.dataset.software = String(adapter.software);
}

/** Says why nothing can be trained here, and what the reader can do about it. */
export function showNoAdapter(error: unknown): void {
  show(adapterLine, "Nothing can be trained here.");
  if (!isSecureContext) {
    showProblem(new WebgpuRnnError("WebGPU works on pages from https or localhost only. Open this page that way."));
  } else if (!navigator.gpu) {
    const browsers = "Chrome or Edge from 113, Safari from 26, or Firefox from 141 on Windows";
    showProblem(new WebgpuRnnError(`This browser has no WebGPU. Open the page in ${browsers}.`));
  } else {
    showProblem(error);
  }
}

/** Says what went wrong, in the library's own words where the mistake can be repaired. */
export function showProblem(error: unknown): void {
  const told = error instanceof WebgpuRnnError;
  show(problem, told ? error.message : `Something went wrong: ${error instanceof Error ? error.message : error}`);
  problem.hidden = false;
  if (!told) console.error(error);
}

/** Says that a step was not finite; the engine has kept the weights as they were. */
export function showRefused(step: number): void {
  showProblem(new WebgpuRnnError(`Step ${step} was not finite and changed nothing. Try a lower learning rate.`));
}

export function hideProblem(): void {
  problem.hidden = true;
  show(problem, "");
}
