import { embedding } from "../../src/nn/embedding.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { createDifferentiator } from "../../src/run/differentiator.ts";
import { createPredictor } from "../../src/run/predictor.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectEqual, host } from "./small-networks.ts";

const tagger = sequential(embedding(7, 2), lstm(2, 3, { bidirectional: true, zoneout: 0.3 }), linear(6, 4));

export const cases: readonly GpuCase[] = [
  {
    name: "a tagger gives the probabilities of its values, for sentences of any length",
    async run(gpu) {
      const network = await createDifferentiator(gpu, tagger, { batch: 1, time: 1, seed: 3 });
      const values = await createPredictor(gpu, tagger, { from: network });
      const predictor = await createPredictor(gpu, tagger, { from: network, output: "probabilities" });
      for (const sentence of [[6], [0, 1, 2, 3, 4]]) {
        const { outputs: logits } = await values.run({ inputs: sentence });
        const { outputs, finalStates } = await predictor.run({ inputs: sentence });
        const exponentials = Array.from(logits.data, Math.exp);
        const wanted = exponentials.map((value, i) => {
          const row = exponentials.slice(i - (i % 4), i - (i % 4) + 4);
          return value / row.reduce((sum, other) => sum + other, 0);
        });
        if (String(outputs.shape) !== `1,${sentence.length},4`) throw new Error(`shape ${outputs.shape}`);
        compare("probabilities", outputs.data, wanted, 2 ** -24); // computed in float64, rounded once, below 1
        const names = [...finalStates.keys()].join();
        if (names !== "1.h_l0,1.c_l0,1.h_l0_reverse,1.c_l0_reverse") throw new Error(names);
      }
      for (const program of [network, values, predictor]) program.dispose();
    },
  },
  {
    name: "rows of unequal length give what each gives alone, time-major as batch-first",
    async run(gpu) {
      const from = initialWeights(tagger, 3);
      const rows = await createPredictor(gpu, tagger, { from, batch: 2 });
      const turned = await createPredictor(gpu, tagger, { from, batch: 2, layout: "time-major" });
      const { outputs } = await rows.run({
        inputs: [
          [1, 2, 3],
          [4, 5, 0],
        ],
        lengths: [3, 2],
      });
      const alone = [await rows.run({ inputs: [[1, 2, 3]] }), await rows.run({ inputs: [[4, 5]] })];
      const wanted = [...(alone[0]?.outputs.data ?? []), ...(alone[1]?.outputs.data ?? [])];
      expectEqual("rows", host([20], outputs.data.subarray(0, 20)), host([20], wanted));
      const columns = await turned.run({
        inputs: [
          [1, 4],
          [2, 5],
          [3, 0],
        ],
        lengths: [3, 2],
      });
      const at = (t: number, row: number) => columns.outputs.data.subarray((t * 2 + row) * 4, (t * 2 + row) * 4 + 4);
      const back = [0, 1].flatMap((row) => [0, 1, 2].flatMap((t) => [...at(t, row)]));
      expectEqual("time-major", host([24], back), host([24], outputs.data));
      rows.dispose();
      turned.dispose();
    },
  },
];
