import type { Gpu } from "../../src/gpu/device.ts";
import { embedding } from "../../src/nn/embedding.ts";
import { rnn } from "../../src/nn/rnn.ts";
import { sequential } from "../../src/nn/sequential.ts";
import { adam } from "../../src/optim/adam.ts";
import { createDifferentiator, type Differentiator } from "../../src/run/differentiator.ts";
import { createPredictor } from "../../src/run/predictor.ts";
import { createStream } from "../../src/run/stream.ts";
import { countBuffers } from "./buffers.ts";
import type { GpuCase } from "./case.ts";
import { DISPOSED, expectRefusal } from "./refusal.ts";
import { expectAllEqual, expectEqual, host, mixer, random } from "./small-networks.ts";

const inputs = random([2, 3, 2], 1);
const cotangent = random([2, 3, 2], 2);
const spoilt = (value: number) => host([2, 3, 2], cotangent.data.with(7, value));
const state = (data: number[], shape = [2, 3]) => new Map([["0.h_l0", host(shape, data)]]);

/** What JavaScript lets through. */
const forward = (network: Differentiator, given: unknown): unknown => Reflect.apply(network.forward, network, [given]);
const backward = (network: Differentiator, given: unknown): unknown =>
  Reflect.apply(network.backward, network, [given]);

const FORWARD: readonly (readonly [unknown, string])[] = [
  [{ inputs: random([2, 3, 3], 1) }, "inputs: expected shape [2, 3, 2], got [2, 3, 3]."],
  [
    { inputs: random([3, 3, 2], 1) },
    "inputs: expected at most batch 2 and time 3, as announced, got batch 3 and time 3.",
  ],
  [
    { inputs: random([2, 4, 2], 1) },
    "inputs: expected at most batch 2 and time 3, as announced, got batch 2 and time 4.",
  ],
  [{ inputs: host([2, 3, 2], [1]) }, "inputs: expected 12 numbers, got 1."],
  [{ inputs: host([0, 3, 2], []) }, "inputs: expected a tensor of shape [batch, time, 2], got [0,3,2]."],
  [{ inputs: host([-2, -3, 2], new Float32Array(12)) }, "inputs: expected a tensor of shape [batch, time, 2], got [-2"],
  [
    { inputs: host([2, 1.5, 2], new Float32Array(6)) },
    "inputs: expected a tensor of shape [batch, time, 2], got [2,1.",
  ],
  [
    { inputs: { shape: [2, 3, 2], data: new Array(12).fill(1e39) } },
    "inputs: expected finite numbers, got 1e+39 at place 0.",
  ],
  [{ inputs: [1, 2] }, "inputs: expected a tensor of shape [batch, time, 2], got 1,2."],
  [{}, "inputs: expected a tensor of shape [batch, time, 2], got undefined."],
  [{ inputs: spoilt(Number.NaN) }, "inputs: expected finite numbers, got NaN at place 7."],
  [{ inputs: spoilt(Number.NEGATIVE_INFINITY) }, "inputs: expected finite numbers, got -Infinity at place 7."],
  [{ inputs, lengths: [3, 4] }, "lengths: row 1: expected a whole number from 0 to 3, got 4."],
  [{ inputs, mask: null }, "mask: expected shape [2, 3], got null."],
  [{ inputs, mask: [[1, 1]] }, "mask: expected shape [2, 3], got rows of 2."],
  [
    { inputs, length: [3, 2] },
    "forward: expected none but inputs, lengths, mask, initialStates, taps, got length. Write lengths.",
  ],
  [
    { inputs, initialStates: new Map([["0.c_l0", host([2, 3], [])]]) },
    "initialStates: expected one of 0.h_l0, got 0.c_l0.",
  ],
  [{ inputs, initialStates: { "0.h_l0": host([2, 3], []) } }, "initialStates: expected tensors by name in a Map, got"],
  [{ inputs, initialStates: state([0, 0, 0], [1, 3]) }, 'initialStates: "0.h_l0": expected shape [2, 3], got [1, 3].'],
  [
    { inputs, initialStates: state([0, 0, 0, 0, Number.NaN, 0]) },
    'initialStates: "0.h_l0": expected finite numbers, got NaN at place 4.',
  ],
  [{ inputs, taps: "0.h_l0" }, "taps: expected names among 0.h_l0, 0.gates_l0, got 0.h_l0, no array."],
  [{ inputs, taps: ["0.c_l0"] }, "taps: expected names among 0.h_l0, 0.gates_l0, got 0.c_l0."],
];

const BACKWARD: readonly (readonly [unknown, string])[] = [
  [{}, "backward: expected cotangents of outputs or finalStates, got neither."],
  [{ output: cotangent }, "backward: expected none but outputs, finalStates, got output. Write outputs."],
  [{ outputs: random([2, 3, 3], 1) }, "backward: outputs: expected shape [2, 3, 2], got [2, 3, 3]."],
  [{ outputs: spoilt(Number.NaN) }, "backward: outputs: expected finite numbers, got NaN at place 7."],
  [
    { finalStates: state([0, 0, 0, 0, 0, Number.POSITIVE_INFINITY]) },
    'backward: finalStates: "0.h_l0": expected finite numbers, got Infinity at place 5.',
  ],
];

const create = (gpu: Gpu) => createDifferentiator(gpu, mixer, { batch: 2, time: 3, seed: 4, optimizer: adam() });

export const cases: readonly GpuCase[] = [
  {
    name: "what does not fit is refused before anything runs: the pass before it goes on, the weights stay",
    async run(gpu) {
      const network = await create(gpu);
      await expectRefusal("backward: expected a forward call before", () => network.backward({ outputs: cotangent }));
      await expectRefusal("gradientFlow: expected a forward call", () =>
        network.gradientFlow({ output: { step: 0, unit: 0 } }),
      );
      await expectRefusal("flatGradients: expected a backward call", () => network.flatGradients());
      const weights = await network.weights();
      await network.forward({ inputs });
      const wanted = await network.backward({ outputs: cotangent });
      await expectRefusal("backward: expected a forward call before each", () =>
        network.backward({ outputs: cotangent }),
      );
      await network.forward({ inputs });
      for (const [given, message] of FORWARD) await expectRefusal(message, () => forward(network, given));
      for (const [given, message] of BACKWARD) await expectRefusal(message, () => backward(network, given));
      const flow = (output: { step: number; unit: number; row?: number }) => () => network.gradientFlow({ output });
      await expectRefusal("gradientFlow: step: expected a whole number from 0 to 2", flow({ step: 3, unit: 0 }));
      await expectRefusal("gradientFlow: unit: expected a whole number from 0 to 1", flow({ step: 0, unit: 0.5 }));
      await expectRefusal(
        "gradientFlow: row: expected a whole number from 0 to 1",
        flow({ step: 0, unit: 0, row: -1 }),
      );
      for (const [given, message] of [
        [undefined, "gradientFlow: expected an object with any of output, got undefined."],
        [{}, "gradientFlow: output: expected an object with any of step, unit, row, got undefined."],
      ] as const) {
        await expectRefusal(message, () => Reflect.apply(network.gradientFlow, network, [given]));
      }
      const gradients = await network.backward({ outputs: cotangent });
      expectEqual("inputs", gradients.inputs, wanted.inputs);
      const size = mixer.size;
      const applied = (length: number, value: number) => () => network.applyFlat(new Float32Array(length).fill(value));
      await expectRefusal(`applyFlat: gradients: expected ${size} numbers`, applied(size + 1, 0));
      await expectRefusal("applyFlat: gradients: expected finite numbers, got NaN", applied(size, Number.NaN));
      const bias = host([2], [1, 2]);
      const unknown = new Map([
        ["1.bias", bias],
        ["1.biases", bias],
      ]);
      await expectRefusal("parameters: expected names among", () => network.setParameters(unknown));
      const broken = new Map([
        ["1.bias", bias],
        ["1.weight", host([2, 3], [0, 0, 0, 0, 0, Number.NaN])],
      ]);
      await expectRefusal('parameters: "1.weight": expected finite', () => network.setParameters(broken));
      expectAllEqual("weights", await network.weights(), weights);
      network.dispose();
    },
  },
  {
    name: "refused calls of many shapes make nothing and leave the latest one to go back from",
    async run(gpu) {
      const network = await create(gpu);
      await network.forward({ inputs });
      const wanted = await network.backward({ outputs: cotangent });
      await network.forward({ inputs });
      const { made } = await countBuffers(gpu, async () => {
        for (const batch of [1, 2]) {
          for (const time of [1, 2, 3]) {
            for (const rows of [{}, { lengths: new Array(batch).fill(1) }]) {
              const refused = { inputs: random([batch, time, 2], 1), taps: ["0.c_l0"], ...rows };
              await expectRefusal("taps: expected names among", () => forward(network, refused));
            }
          }
        }
      });
      if (made !== 0) throw new Error(`${made} buffers were made`);
      const gradients = await network.backward({ outputs: cotangent });
      expectEqual("inputs", gradients.inputs, wanted.inputs);
      network.dispose();
    },
  },
  {
    name: "a program past its end says so, while its weights live on in others",
    async run(gpu) {
      const { left } = await countBuffers(gpu, async () => {
        const network = await create(gpu);
        const predictor = await createPredictor(gpu, mixer, { from: network, batch: 2 });
        const stream = await createStream(gpu, mixer, { from: network });
        const { outputs } = await predictor.run({ inputs });
        await network.forward({ inputs });
        network.dispose();
        network.dispose();
        await expectRefusal(DISPOSED, () => network.forward({ inputs }));
        await expectRefusal(DISPOSED, () => network.backward({ outputs: cotangent }));
        await expectRefusal(DISPOSED, () => network.gradientFlow({ output: { step: 0, unit: 0 } }));
        await expectRefusal(DISPOSED, () => network.applyFlat(new Float32Array(mixer.size)));
        await expectRefusal(DISPOSED, () => network.weights());
        await expectRefusal(DISPOSED, () => network.setParameters(new Map()));
        expectEqual("outputs", (await predictor.run({ inputs })).outputs, outputs);
        predictor.dispose();
        await expectRefusal(DISPOSED, () => predictor.run({ inputs }));
        const step = await stream.step(inputs.data.subarray(0, 2));
        expectEqual("step", step, host([1, 2], outputs.data.subarray(0, 2)));
        stream.dispose();
        stream.dispose();
        await expectRefusal(DISPOSED, () => stream.step([0, 0]));
        await expectRefusal(DISPOSED, () => stream.states());
        await expectRefusal(DISPOSED, () => stream.reset());
        await expectRefusal(DISPOSED, () => createStream(gpu, mixer, { from: network }));
      });
      if (left !== 0) throw new Error(`${left} buffers are left`);
    },
  },
  {
    name: "options of programs are refused, and nothing is left of them",
    async run(gpu) {
      const { left } = await countBuffers(gpu, async () => {
        const network = await create(gpu);
        const from = network;
        const loose = (make: object, options: unknown) => () =>
          Reflect.apply(make as never, undefined, [gpu, mixer, options]);
        const refused: readonly (readonly [object, unknown, string])[] = [
          [createDifferentiator, { batch: 0, time: 3 }, "createDifferentiator: batch: expected a whole number from 1"],
          [createDifferentiator, { batch: 2, time: 1.5 }, "createDifferentiator: time: expected a whole number from 1"],
          [
            createDifferentiator,
            { batch: 2, time: 3, seed: -1 },
            "createDifferentiator: seed: expected a whole number",
          ],
          [
            createDifferentiator,
            { batch: 2, time: 3, layout: "rows" },
            "createDifferentiator: layout: expected one of",
          ],
          [createDifferentiator, undefined, "createDifferentiator: expected an object with any of batch, time, from"],
          [
            createDifferentiator,
            { batch: 2, time: 3, trainning: false },
            "createDifferentiator: expected none but batch, time, from, seed, training, layout, optimizer, got trainning.",
          ],
          [
            createDifferentiator,
            { batch: 2, time: 3, training: "no" },
            "createDifferentiator: training: expected true or false, got no.",
          ],
          [createPredictor, undefined, "createPredictor: expected an object with any of from, batch, output, layout"],
          [createStream, undefined, "createStream: expected an object with any of from, batch, got undefined."],
          [createPredictor, { from, output: "softmax" }, "createPredictor: output: expected one of values, probab"],
          [createPredictor, {}, "from: expected weights by name in a Map"],
          [createStream, { from, batch: 2.5 }, "createStream: batch: expected a whole number from 1"],
        ];
        for (const [make, options, message] of refused) await expectRefusal(message, loose(make, options));
        const stream = await createStream(gpu, mixer, { from });
        for (const sample of [5, null, undefined, "ab"]) {
          await expectRefusal("step: expected ", () => Reflect.apply(stream.step, stream, [sample]));
        }
        stream.dispose();
        const both = rnn(2, 3, { bidirectional: true });
        const message = "createStream: expected layers that run forward in time, got layer 0 (rnn), bidirectional.";
        await expectRefusal(message, () => createStream(gpu, both, { from: new Map() }));
        network.dispose();
      });
      if (left !== 0) throw new Error(`${left} buffers are left`);
    },
  },
  {
    name: "ids that the model does not know, and rows of unequal length, are refused",
    async run(gpu) {
      const model = sequential(embedding(4, 2), rnn(2, 3));
      const network = await createDifferentiator(gpu, model, { batch: 2, time: 3 });
      await expectRefusal("inputs: expected ids from 0 to 3, got 4 at place 1.", () =>
        forward(network, { inputs: [0, 4] }),
      );
      await expectRefusal("inputs: expected ids from 0 to 3, got 0.5", () => forward(network, { inputs: [0.5, 1] }));
      await expectRefusal("inputs: expected ids, in rows of equal length, got rows of 2, 1.", () =>
        forward(network, { inputs: [[0, 1], [2]] }),
      );
      await expectRefusal("inputs: expected ids, in rows of equal length, for a batch of 2, got 3 ids.", () =>
        forward(network, { inputs: [0, 1, 2] }),
      );
      network.dispose();
    },
  },
];
