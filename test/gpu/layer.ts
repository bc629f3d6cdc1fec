import { choiceName, layerChoices } from "../layer-cases.ts";
import { recordedCase } from "../recorded-layer.ts";
import { twinReferences } from "../twin-references.ts";
import type { GpuCase } from "./case.ts";
import { compareNamed } from "./compare-named.ts";
import { runNamed } from "./run-named.ts";

/** Every cell with every option, pairwise, against the float64 twins that play the same plan. */
export const cases: GpuCase[] = layerChoices.map((choice) => ({
  name: `${choiceName(choice)}: outputs, states and gradients are the twins'`,
  async run(gpu) {
    const { layer, given, run } = recordedCase(choice);
    compareNamed(`twins ${choice.cell}`, await runNamed(gpu, layer, given, run), twinReferences(layer, given, run));
  },
}));
