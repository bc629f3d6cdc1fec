import { embedding } from "../../src/nn/embedding.ts";
import { gru } from "../../src/nn/gru.ts";
import { initialWeights } from "../../src/nn/init.ts";
import { jordan } from "../../src/nn/jordan.ts";
import { linear } from "../../src/nn/linear.ts";
import { lstm } from "../../src/nn/lstm.ts";
import { type Model, sequential } from "../../src/nn/sequential.ts";
import { temporalConvolution } from "../../src/nn/temporal-convolution.ts";
import { createPredictor } from "../../src/run/predictor.ts";
import { createStream, type Stream } from "../../src/run/stream.ts";
import type { HostTensor, NamedTensors } from "../../src/tensor.ts";
import { countBuffers } from "./buffers.ts";
import type { GpuCase } from "./case.ts";
import { expectRefusal } from "./refusal.ts";
import { expectAllEqual, expectEqual, host, random } from "./small-networks.ts";

const TIME = 4;
const inputs = random([1, TIME, 2], 1);

/** Two stages, one machine for a step and another for the whole; and states that are learned, and mixed by zoneout. */
const models: Readonly<Record<string, Model>> = {
  "gru with learned states": sequential(gru(2, 3, { initialState: "learned" }), linear(3, 2)),
  "lstm with layer norm and zoneout": sequential(lstm(2, 3, { layerNorm: true, zoneout: 0.3 })),
  jordan: sequential(jordan(2, 3, 2)),
  "temporal convolutions": sequential(
    temporalConvolution(2, 3, { taps: 2, dilation: 2 }),
    temporalConvolution(3, 2, { taps: 3 }),
  ),
};

/** Learned states start at zero; here they do not. */
const weightsOf = (model: Model): NamedTensors =>
  new Map(
    [...initialWeights(model, 4)].map(([name, tensor], i) => [
      name,
      name.includes("initial_") ? random(tensor.shape, 50 + i) : tensor,
    ]),
  );

/** Feeds the steps `from` to `to` − 1 of the inputs, [1, T, O]. */
async function feed(stream: Stream, from = 0, to = TIME): Promise<HostTensor> {
  const outputs: HostTensor[] = [];
  for (let t = from; t < to; t++) outputs.push(await stream.step(inputs.data.subarray(t * 2, t * 2 + 2)));
  const data = outputs.flatMap((output) => [...output.data]);
  return host([1, to - from, data.length / (to - from)], data);
}

export const cases: readonly GpuCase[] = [
  ...Object.entries(models).map(
    ([name, model]): GpuCase => ({
      name: `${name}: step by step it gives bit for bit what the whole sequence gives, and the same states`,
      async run(gpu) {
        const from = weightsOf(model);
        const predictor = await createPredictor(gpu, model, { from });
        const whole = await predictor.run({ inputs });
        predictor.dispose();
        const stream = await createStream(gpu, model, { from });
        expectEqual("outputs", await feed(stream), whole.outputs);
        expectAllEqual("states", await stream.states(), whole.finalStates);
        await stream.reset();
        expectEqual("after a reset", await feed(stream), whole.outputs);
        stream.dispose();
      },
    }),
  ),
  {
    name: "states that were taken out and put in again go on as if nothing had been between",
    async run(gpu) {
      const model = models["gru with learned states"] as Model;
      const stream = await createStream(gpu, model, { from: weightsOf(model) });
      await feed(stream, 0, 2);
      const states = await stream.states();
      const wanted = await feed(stream, 2);
      await stream.reset(states);
      expectAllEqual("states", await stream.states(), states);
      expectEqual("outputs", await feed(stream, 2), wanted);
      stream.dispose();
    },
  },
  {
    name: "a step makes no buffer, waits for the step before, and takes ids as well",
    async run(gpu) {
      const model = sequential(embedding(5, 2), lstm(2, 3));
      const stream = await createStream(gpu, model, { from: initialWeights(model, 4), batch: 2 });
      const first = await stream.step([0, 4]);
      const { made } = await countBuffers(gpu, async () => {
        for (let t = 0; t < 3; t++) await stream.step([t, 1]);
        await Promise.all([stream.step([2, 3]), stream.step([4, 0]), stream.step(host([2], [1, 1]))]);
      });
      if (made !== 0) throw new Error(`${made} buffers were made`);
      await stream.reset();
      const [again] = await Promise.all([stream.step([0, 4]), stream.step([1, 1])]);
      expectEqual("the first step again", again, first);
      stream.dispose();
    },
  },
  {
    name: "a sample or a state that does not fit is refused, and the stream goes on from where it was",
    async run(gpu) {
      const model = models["gru with learned states"] as Model;
      const stream = await createStream(gpu, model, { from: weightsOf(model) });
      await feed(stream, 0, 2);
      const wanted = await stream.states();
      const reset = (states: unknown) => () => Reflect.apply(stream.reset, stream, [states]);
      await expectRefusal("step: expected 2 numbers, [1, 2], got 3.", () => stream.step([1, 2, 3]));
      await expectRefusal("step: expected finite numbers, got NaN at place 1.", () => stream.step([1, Number.NaN]));
      await expectRefusal("reset: expected one of 0.h_l0, got 0.c_l0.", reset(new Map([["0.c_l0", host([1, 3], [])]])));
      await expectRefusal(
        'reset: "0.h_l0": expected shape [1, 3], got [3].',
        reset(new Map([["0.h_l0", host([3], [])]])),
      );
      await expectRefusal("reset: expected tensors by name in a Map, got", reset({}));
      expectAllEqual("states", await stream.states(), wanted);
      stream.dispose();
    },
  },
];
