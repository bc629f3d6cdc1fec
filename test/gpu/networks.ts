import { createDifferentiator } from "../../src/run/differentiator.ts";
import type { HostTensor } from "../../src/tensor.ts";
import { networkCases, placeNetwork, playNetwork, prefixed, SHAPE } from "../networks.ts";
import type { GpuCase } from "./case.ts";
import { compareNamed } from "./compare-named.ts";

/** The layers without recurrence, against the float64 twins that play the same plan. */
export const cases: GpuCase[] = networkCases.map((each) => ({
  name: `${each.name}: outputs and gradients are the twins'`,
  async run(gpu) {
    const { model, rows = {}, seed } = each;
    const placed = placeNetwork(each);
    const { inputs, cotangent, weights, initialStates, finalStates } = placed.given;
    const random = { seed: seed ?? 0, training: seed !== undefined };
    const network = await createDifferentiator(gpu, model, { ...SHAPE, from: weights, ...random });
    const forward = await network.forward({ inputs, ...rows, initialStates });
    const gradients = await network.backward({ outputs: cotangent, finalStates });
    network.dispose();
    const actual = new Map<string, HostTensor>([
      ["outputs", forward.outputs],
      ...(gradients.inputs ? [["inputs", gradients.inputs] as const] : []),
      ...gradients.parameters,
      ...prefixed("final ", forward.finalStates),
      ...prefixed("initial ", gradients.initialStates),
    ]);
    const wanted = [...playNetwork(placed)].map(([name, { shape, data }]) => {
      const rms = Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / data.length);
      return [name, { shape, rms, data: [...data] }] as const;
    });
    compareNamed("networks", actual, Object.fromEntries(wanted));
  },
}));
