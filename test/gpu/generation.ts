import type { Gpu } from "../../src/gpu/device.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { layOut } from "../../src/nn/parameters.ts";
import { sequential } from "../../src/nn/sequential.ts";
import type { Machine } from "../../src/ops/machine-options.ts";
import { sgd } from "../../src/optim/sgd.ts";
import { OracleMemory, playPlan } from "../../src/oracle/play.ts";
import type { NamedTensors, Tensor } from "../../src/tensor.ts";
import { createTrainer } from "../../src/train/create-trainer.ts";
import { sampleLogits } from "../../src/train/sample-logits.ts";
import { createSampler, type GenerateOptions } from "../../src/train/sampler.ts";
import { CHUNK, recordSampling } from "../../src/train/sampling-plan.ts";
import type { GpuCase } from "./case.ts";

const modelOn = (machine: Machine) => sequential(embedding(11, 6), lstm(6, 10, { layers: 2, machine }), linear(10, 11));
const model = modelOn("scan");
/** Ten times the usual start, so that the tokens are far from equally likely. */
const weights: NamedTensors = new Map(
  [...initialWeights(model, 3)].map(([name, { shape, data }]) => [name, { shape, data: data.map((w) => 10 * w) }]),
);
const prompt = [1, 7, 3];

async function generate(gpu: Gpu, options: GenerateOptions, machine: Machine = "scan"): Promise<number[]> {
  const sampler = await createSampler(gpu, modelOn(machine), { from: weights });
  const tokens: number[] = [];
  for await (const id of sampler.generate(options)) tokens.push(id);
  sampler.dispose();
  return tokens;
}

/** What the float64 twins write greedily, one token at a time. */
function greedyTwin(text: readonly number[], length: number): number[] {
  const layout = layOut(model);
  const target = { storage: 16_384, invocations: 256, software: false };
  const { plan, next, tokens, cursor } = recordSampling(model, layout, target);
  const memory = new OracleMemory();
  for (const [name, { data }] of weights) memory.write(layout.tensors.get(name) as Tensor, data);
  const written = [...text];
  for (let position = 0; position < text.length + length - 1; position++) {
    memory.write(next, [written[position] as number]);
    memory.write(cursor, [position]);
    const draw = plan.steps.at(-1);
    const greedy = plan.steps.map((step) =>
      step === draw ? { ...step, dims: { ...step.dims, temperature: 0 } } : step,
    );
    playPlan({ steps: greedy, zeros: plan.zeros }, memory);
    if (position + 1 >= text.length) written.push(memory.read(tokens)[(position + 1) % CHUNK] as number);
  }
  return written.slice(text.length);
}

function expectEqual(what: string, actual: readonly number[], wanted: readonly number[]): void {
  if (JSON.stringify(actual) !== JSON.stringify(wanted)) throw new Error(`${what}: ${actual}, not ${wanted}`);
}

const long = Array.from({ length: 2 * CHUNK + 5 }, (_, i) => (i * i) % 11);

export const cases: GpuCase[] = [
  ...(["scan", "step"] as const).map((machine) => ({
    name: `greedy text on the ${machine} machine is what the float64 twins write`,
    async run(gpu: Gpu) {
      const length = CHUNK + 3;
      const written = await generate(gpu, { prompt, length, temperature: 0 }, machine);
      expectEqual("text", written, greedyTwin(prompt, length));
    },
  })),
  {
    name: "a prompt longer than a submit is read to its end",
    async run(gpu) {
      const written = await generate(gpu, { prompt: long, length: 9, temperature: 0 });
      expectEqual("text", written, greedyTwin(long, 9));
    },
  },
  {
    name: "a draw does not depend on how many are asked for",
    async run(gpu) {
      const options = { prompt, temperature: 0.9, topK: 7, topP: 0.95, seed: 5 };
      const [few, many] = [
        await generate(gpu, { ...options, length: 5 }),
        await generate(gpu, { ...options, length: 150 }),
      ];
      expectEqual("beginning", many.slice(0, 5), few);
      const other = await generate(gpu, { ...options, length: 150, seed: 6 });
      if (other.every((id, i) => id === many[i])) throw new Error("another seed writes the same");
    },
  },
  {
    name: "a sampler made from a trainer uses its weights where they lie, also after it is disposed of",
    async run(gpu) {
      const trainer = await createTrainer(gpu, model, {
        batch: 1,
        time: 2,
        optimizer: sgd({ learningRate: 5 }),
        from: weights,
      });
      const sampler = await createSampler(gpu, model, { from: trainer });
      const write = async (): Promise<number[]> => {
        const tokens: number[] = [];
        for await (const id of sampler.generate({ prompt, length: 40 })) tokens.push(id);
        return tokens;
      };
      const before = await write();
      expectEqual("before training", before, await generate(gpu, { prompt, length: 40 }));
      trainer.step({ inputs: [1, 2], targets: [4, 4] });
      const after = await write();
      if (after.every((id, i) => id === before[i])) throw new Error("training has not changed the text");
      trainer.dispose();
      expectEqual("after the trainer is gone", await write(), after);
      sampler.dispose();
    },
  },
  {
    name: "a second generation ends the first",
    async run(gpu) {
      const sampler = await createSampler(gpu, model, { from: weights });
      const first = sampler.generate({ prompt, length: 100 });
      await first.next();
      const second = sampler.generate({ prompt, length: 3 });
      await second.next();
      if (!(await first.next()).done) throw new Error("the first goes on");
      await second.return();
      sampler.dispose();
    },
  },
  {
    name: "tokens are drawn from given logits",
    async run(gpu) {
      const rows = [Float32Array.of(0, 5, 5, -1), Float32Array.of(2, 1, 0, Number.NaN)];
      expectEqual("greedy", [...(await sampleLogits(gpu, rows, { temperature: 0 }))], [1, 0]);
      for (let draw = 0; draw < 8; draw++) {
        const [first = 0] = await sampleLogits(gpu, rows, { topK: 2, draw });
        if (first !== 1 && first !== 2) throw new Error(`top-k 2 drew ${first}`);
      }
    },
  },
  {
    name: "options out of range are refused before anything is drawn",
    async run(gpu) {
      const sampler = await createSampler(gpu, model, { from: weights });
      const wrong: [Partial<GenerateOptions>, string][] = [
        [{ prompt: [] }, "generate: prompt: expected at least one id, got none."],
        [{ prompt: [11] }, "generate: prompt: expected ids from 0 to 10, got 11 at place 0."],
        [{ length: -1 }, "generate: length: expected a whole number of at least 0, got -1."],
        [{ temperature: -1 }, "temperature: expected a finite number of at least 0, got -1."],
        [{ topP: 0 }, "topP: expected a number above 0 and at most 1, got 0."],
        [{ topK: 1.5 }, "topK: expected a whole number of at least 0, got 1.5."],
      ];
      for (const [options, message] of wrong) {
        try {
          sampler.generate({ prompt, length: 1, ...options });
        } catch (error) {
          if ((error as Error).message === message) continue;
          throw error;
        }
        throw new Error(`not refused: ${message}`);
      }
      sampler.dispose();
    },
  },
];
