import type { Gpu } from "../../src/gpu/device.ts";
import { jordan } from "../../src/nn/jordan.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { createDifferentiator, type Differentiator, type DifferentiatorOptions } from "../../src/run/differentiator.ts";
import type { Forward } from "../../src/run/forward.ts";
import type { HostTensor } from "../../src/tensor.ts";
import type { GpuCase } from "./case.ts";
import { compare } from "./check.ts";
import { expectRefusal } from "./refusal.ts";
import { adder, adderWeights, expectAllEqual, expectEqual, host, mixer, random } from "./small-networks.ts";

const SHAPE = { batch: 2, time: 3 };

/** Runs `work` on the mixer with the same weights every time. */
async function withMixer(
  gpu: Gpu,
  work: (network: Differentiator) => Promise<void>,
  options: Partial<DifferentiatorOptions> = {},
): Promise<void> {
  const network = await createDifferentiator(gpu, mixer, { ...SHAPE, seed: 4, ...options });
  try {
    await work(network);
  } finally {
    network.dispose();
  }
}

/** Outputs, states and all gradients of one pass, by name. */
async function passOf(network: Differentiator, given: Forward, cotangent: HostTensor) {
  const { outputs, finalStates } = await network.forward(given);
  const gradients = await network.backward({ outputs: cotangent });
  return new Map([
    ["outputs", outputs],
    ...finalStates,
    ["inputs", gradients.inputs as HostTensor],
    ...gradients.parameters,
    ...[...gradients.initialStates].map(([name, tensor]) => [`initial ${name}`, tensor] as const),
    ...[...gradients.flow].map(([name, tensor]) => [`flow ${name}`, tensor] as const),
  ]);
}

/** [B, T, N] to [T, B, N], or back. */
function turned({ shape: [a, b, n], data }: HostTensor): HostTensor {
  const [outer, inner, width] = [a, b, n] as [number, number, number];
  const at = (i: number): number => {
    const [j, k, unit] = [Math.floor(i / (outer * width)), Math.floor(i / width) % outer, i % width];
    return data[(k * inner + j) * width + unit] as number;
  };
  return host(
    [inner, outer, width],
    Float32Array.from(data, (_, i) => at(i)),
  );
}

const inputs = random([2, 3, 2], 1);
const cotangent = random([2, 3, 2], 2);

export const cases: readonly GpuCase[] = [
  {
    name: "a loss of one's own trains a model through forward, backward and applyFlat",
    async run(gpu) {
      const model = sequential(rnn(1, 4), linear(4, 1)); // is to give back what it read a step before
      const optimizer = adam({ learningRate: 0.05 });
      const network = await createDifferentiator(gpu, model, { batch: 2, time: 4, seed: 1, optimizer });
      const losses: number[] = [];
      for (let step = 0; step < 60; step++) {
        const read = random([2, 4, 1], 100 + step);
        const { outputs } = await network.forward({ inputs: read });
        const missed = outputs.data.map((value, i) => (i % 4 === 0 ? 0 : value - (read.data[i - 1] as number)));
        losses.push(missed.reduce((sum, value) => sum + value * value, 0) / 6);
        await network.backward({ outputs: host([2, 4, 1], missed) });
        await network.applyFlat(await network.flatGradients());
      }
      network.dispose();
      const mean = (from: number): number => losses.slice(from, from + 10).reduce((sum, loss) => sum + loss, 0) / 10;
      if (!(mean(50) < mean(0) / 4)) throw new Error(`losses ${losses}`);
    },
  },
  {
    name: "gradients as one array are those by name, one after the other, and so are applied",
    run: (gpu) =>
      withMixer(
        gpu,
        async (network) => {
          await network.forward({ inputs });
          const { parameters } = await network.backward({ outputs: cotangent });
          const flat = await network.flatGradients();
          const all = [...parameters.values()].flatMap(({ data }) => [...data]);
          expectEqual("flat", host([flat.length], flat), host([all.length], all));
          const before = await network.weights();
          await network.applyFlat(flat.map((_, i) => (i === flat.length - 1 ? 1 : 0)));
          const after = await network.weights();
          const moved = [...after].filter(([name, { data }]) => String(data) !== String(before.get(name)?.data));
          if (String(moved.map(([name]) => name)) !== "1.bias") throw new Error(`moved: ${moved}`);
        },
        { optimizer: adam() },
      ),
  },
  {
    name: "gradients as one array stay those of the latest backward call, whatever runs after it, and there are none before",
    run: (gpu) =>
      withMixer(gpu, async (network) => {
        await network.forward({ inputs });
        const none = "flatGradients: expected a backward call before. Call backward first.";
        await expectRefusal(none, () => network.flatGradients());
        await network.backward({ outputs: cotangent });
        const flat = await network.flatGradients();
        await network.gradientFlow({ output: { step: 2, unit: 0 } });
        const flowed = await network.flatGradients();
        await network.forward({ inputs: random([1, 2, 2], 3) });
        const shape = [flat.length];
        expectEqual("after gradientFlow", host(shape, flowed), host(shape, flat));
        expectEqual("after another forward", host(shape, await network.flatGradients()), host(shape, flat));
      }),
  },
  {
    name: "taps show the states and the activated gates of every step",
    async run(gpu) {
      const layer = lstm(1, 1);
      const from = new Map(layer.parameters.map(({ name, shape }, i) => [`0.${name}`, random(shape, 20 + i)]));
      const of = (name: string, gate: number): number => from.get(`0.${name}_l0`)?.data[gate] as number;
      const x = [0.5, -0.75];
      const network = await createDifferentiator(gpu, layer, { batch: 1, time: 2, from });
      const { taps } = await network.forward({ inputs: host([1, 2, 1], x), taps: ["0.h_l0", "0.gates_l0"] });
      network.dispose();
      let [h, c] = [0, 0];
      const [hs, gates]: [number[], number[]] = [[], []];
      const sigmoid = (a: number): number => 1 / (1 + Math.exp(-a));
      for (const value of x) {
        const a = (gate: number): number =>
          of("weight_ih", gate) * value + of("weight_hh", gate) * h + of("bias_ih", gate) + of("bias_hh", gate);
        const [i, f, g, o] = [sigmoid(a(0)), sigmoid(a(1)), Math.tanh(a(2)), sigmoid(a(3))];
        c = f * c + i * g;
        h = o * Math.tanh(c);
        hs.push(h);
        gates.push(i, f, g, o);
      }
      // Numbers below 2 after some ten roundings each.
      compare("h", taps.get("0.h_l0")?.data ?? [], hs, 10 * 2 ** -23);
      compare("gates", taps.get("0.gates_l0")?.data ?? [], gates, 10 * 2 ** -23);
    },
  },
  {
    name: "the output of a Jordan network has one name as a state, as a tap and as what gradients flow to",
    async run(gpu) {
      const network = await createDifferentiator(gpu, jordan(2, 3, 4), SHAPE);
      const { outputs, finalStates, taps } = await network.forward({ inputs, taps: ["0.y_l0"] });
      expectEqual("tap", taps.get("0.y_l0"), outputs);
      const final = [2, 5].flatMap((row) => [...outputs.data.subarray(row * 4, (row + 1) * 4)]);
      expectEqual("state", finalStates.get("0.y_l0"), host([2, 4], final));
      const { flow } = await network.backward({ outputs });
      network.dispose();
      if (String([...flow.keys()]) !== "0.y_l0") throw new Error(`flow ${[...flow.keys()]}`);
    },
  },
  {
    name: "states go in and their gradients come out by name, each row's at its own length",
    async run(gpu) {
      const network = await createDifferentiator(gpu, adder, { ...SHAPE, from: adderWeights(0.5) });
      const { outputs, finalStates } = await network.forward({
        inputs: host([2, 3, 1], [0, 0, 0, 0, 0, 0]),
        lengths: [1, 3],
        initialStates: new Map([["0.h_l0", host([2, 1], [8, 16])]]),
      });
      expectEqual("outputs", outputs, host([2, 3, 1], [4, 0, 0, 8, 4, 2]));
      expectEqual("final states", finalStates.get("0.h_l0"), host([2, 1], [4, 2]));
      const finals = new Map([["0.h_l0", host([2, 1], [1, 1])]]);
      const gradients = await network.backward({ finalStates: finals });
      network.dispose();
      expectEqual("initial", gradients.initialStates.get("0.h_l0"), host([2, 1], [0.5, 0.125]));
      expectEqual("inputs", gradients.inputs, host([2, 3, 1], [1, 0, 0, 0.25, 0.5, 1]));
    },
  },
  {
    name: "of learned states those that are not given start as learned, and they alone learn",
    async run(gpu) {
      const network = await createDifferentiator(gpu, lstm(2, 3, { initialState: "learned" }), SHAPE);
      const learned = { h: random([3], 5), c: random([3], 6) };
      network.setParameters(new Map(Object.entries(learned).map(([name, tensor]) => [`0.initial_${name}_l0`, tensor])));
      const outputs = random([2, 3, 3], 7);
      const wanted = await network.forward({ inputs });
      const { parameters } = await network.backward({ outputs });
      const h = host([2, 3], [...learned.h.data, ...learned.h.data]);
      const partly = await network.forward({ inputs, initialStates: new Map([["0.h_l0", h]]) });
      const gradients = await network.backward({ outputs });
      network.dispose();
      expectEqual("outputs", partly.outputs, wanted.outputs);
      const of = (name: string, from = gradients.parameters) => from.get(`0.initial_${name}_l0`);
      expectEqual("gradient of c", of("c"), of("c", parameters));
      expectEqual("gradient of h", of("h"), host([3], [0, 0, 0]));
    },
  },
  {
    name: "lengths are the mask that they stand for, and a row takes its steps in between as well",
    run: (gpu) =>
      withMixer(gpu, async (network) => {
        const byLengths = await passOf(network, { inputs, lengths: [2, 0] }, cotangent);
        const byMask = await passOf(
          network,
          {
            inputs,
            mask: [
              [1, 1, 0],
              [0, 0, 0],
            ],
          },
          cotangent,
        );
        expectAllEqual("lengths", byLengths, byMask);
        const holes = await network.forward({ inputs, mask: [1, 0, 1, 0, 1, 0] });
        const kept = [0, 2].flatMap((t) => [...inputs.data.subarray(t * 2, t * 2 + 2)]);
        const closed = await network.forward({ inputs: host([1, 2, 2], kept) });
        const final = closed.finalStates.get("0.h_l0") as HostTensor;
        const first = (holes.finalStates.get("0.h_l0") as HostTensor).data.subarray(0, 3);
        expectEqual("a row with a hole", host([1, 3], first), final);
      }),
  },
  {
    name: "time-major sequences give what batch-first ones give",
    run: (gpu) =>
      withMixer(gpu, async (network) => {
        const wanted = await passOf(network, { inputs, mask: [1, 1, 0, 1, 1, 1] }, cotangent);
        await withMixer(
          gpu,
          async (other) => {
            const given = { inputs: turned(inputs), mask: [1, 1, 1, 1, 0, 1] };
            const actual = await passOf(other, given, turned(cotangent));
            for (const name of ["outputs", "inputs"]) actual.set(name, turned(actual.get(name) as HostTensor));
            const flow = actual.get("flow 0.h_l0") as HostTensor;
            actual.set("flow 0.h_l0", { ...turned({ ...flow, shape: [3, 2, 1] }), shape: [2, 3] });
            expectAllEqual("time-major", actual, wanted);
          },
          { layout: "time-major" },
        );
      }),
  },
  {
    name: "fewer rows and steps than announced give what they give alone",
    run: (gpu) =>
      withMixer(gpu, async (network) => {
        const { outputs } = await network.forward({ inputs });
        const row = await network.forward({ inputs: host([1, 2, 2], inputs.data.subarray(0, 4)) });
        expectEqual("the first row", row.outputs, host([1, 2, 2], outputs.data.subarray(0, 4)));
      }),
  },
  {
    name: "calls that are made without waiting run one after the other",
    run: (gpu) =>
      withMixer(gpu, async (network) => {
        const shorter = { inputs, lengths: [1, 2] };
        const wanted = [await passOf(network, { inputs }, cotangent), await passOf(network, shorter, cotangent)];
        const given = [{ inputs }, shorter, { inputs }];
        const asked = given.map((each) => [network.forward(each), network.backward({ outputs: cotangent })] as const);
        for (const [i, [forward, backward]] of asked.entries()) {
          expectEqual(`outputs ${i}`, (await forward).outputs, wanted[i % 2]?.get("outputs"));
          expectEqual(`inputs ${i}`, (await backward).inputs, wanted[i % 2]?.get("inputs"));
        }
      }),
  },
];
