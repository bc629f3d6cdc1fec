import type { Gpu } from "../../src/gpu/device.ts";
import { gru } from "../../src/nn/gru.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { createDifferentiator } from "../../src/run/differentiator.ts";
import type { Forward } from "../../src/run/forward.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { adder, adderWeights, expectAllEqual, expectEqual, host, mixer, random } from "./small-networks.ts";

const inputs = random([2, 3, 2], 1);

export const cases: readonly GpuCase[] = [
  {
    name: "the gradient of one output is what differences give, and that of another is had from the same call",
    run: async (gpu) => {
      const network = await createDifferentiator(gpu, mixer, { batch: 2, time: 3, seed: 4 });
      const output = { step: 2, unit: 1, row: 1 };
      const at = (1 * 3 + 2) * 2 + 1;
      await network.forward({ inputs });
      const flow = await network.gradientFlow({ output });
      const again = await network.gradientFlow({ output: { ...output, step: 0 } });
      // Off by STEP⁴ / 480 = 5e-7 of the fifth derivative, below 1, and by the outputs' rounding: 2⁻²³ · √130 / (6 STEP).
      const STEP = 1 / 8;
      const slopes: number[] = [];
      for (let i = 0; i < 6; i++) {
        const moved = async (by: number): Promise<number> => {
          const data = inputs.data.map((value, k) => (k === 6 + i ? value + by : value));
          return (await network.forward({ inputs: { ...inputs, data } })).outputs.data[at] as number;
        };
        const [inner, outer] = [
          (await moved(STEP / 2)) - (await moved(-STEP / 2)),
          (await moved(STEP)) - (await moved(-STEP)),
        ];
        slopes.push((8 * inner - outer) / (6 * STEP));
      }
      compare("∂output/∂x", flow.inputs?.data ?? [], slopes, 5e-6);
      if (again.inputs?.data.subarray(2).some((value) => value !== 0)) throw new Error("a step sees what comes later");
      const [first] = [...flow.states.values()];
      if (first?.length !== 3 || !((first[0] as number) > 0)) throw new Error(`states ${first}`);
      network.dispose();
    },
  },
  ...[0.5, 2].map((r) => ({
    name: `with R = ${r} the gradient of the last output ${r < 1 ? "vanishes" : "explodes"} as R^n towards the first step`,
    async run(gpu: Gpu) {
      const time = 12;
      const network = await createDifferentiator(gpu, adder, { batch: 1, time, from: adderWeights(r) });
      await network.forward({ inputs: host([1, time, 1], new Float32Array(time).fill(1)) });
      const flow = await network.gradientFlow({ output: { step: time - 1, unit: 0 } });
      network.dispose();
      const powers = Float32Array.from({ length: time }, (_, t) => r ** (time - 1 - t));
      expectEqual("∂output/∂x", flow.inputs, host([time, 1], powers));
      expectEqual("∂output/∂h", host([time], flow.states.get("0.h_l0") ?? []), host([time], powers));
    },
  })),
  {
    name: "the gradients of h of each layer of a stack are its own, with a mask as without",
    async run(gpu) {
      const stack = sequential(gru(2, 3), gru(3, 3));
      const network = await createDifferentiator(gpu, stack, { batch: 2, time: 4 });
      const flowOf = async (given: Pick<Forward, "lengths">) => {
        await network.forward({ inputs: random([2, 4, 2], 3), ...given });
        const { states } = await network.gradientFlow({ output: { step: 3, unit: 1 } });
        return new Map([...states].map(([name, norms]) => [name, host([4], norms)]));
      };
      const masked = await flowOf({ lengths: [4, 4] });
      expectAllEqual("with a mask", masked, await flowOf({}));
      if (masked.get("1.h_l0")?.data[3] !== 1) throw new Error(`the output by itself: ${masked.get("1.h_l0")?.data}`);
      network.dispose();
    },
  },
];
