import type { Elements } from "../src/gpu/memory.ts";
import { crossEntropy } from "../src/losses/cross-entropy.ts";
import { activation } from "../src/nn/activation.ts";
import { type AttentionScore, SCORES } from "../src/nn/attention.ts";
import { embedding } from "../src/nn/embedding.ts";
import { encoderContext } from "../src/nn/encoder-context.ts";
import { encoderDecoder } from "../src/nn/encoder-decoder.ts";
import { gru } from "../src/nn/gru.ts";
import { initialWeights } from "../src/nn/init.ts";
import { linear } from "../src/nn/linear.ts";
import { oneHot } from "../src/nn/one-hot.ts";
import { gradientSlabs, layOut, type ParameterLayout } from "../src/nn/parameters.ts";
import { meanOverTime } from "../src/nn/pooling.ts";
import { type Model, sequential } from "../src/nn/sequential.ts";
import { temporalConvolution } from "../src/nn/temporal-convolution.ts";
import { addPartialSums } from "../src/ops/column-sum.ts";
import { dropout } from "../src/ops/dropout.ts";
import { partsOfK } from "../src/ops/gemm-tiles.ts";
import { elementLoss } from "../src/ops/loss.ts";
import type { Machine } from "../src/ops/machine-options.ts";
import { product, products } from "../src/ops/matmul.ts";
import { DRAW, drawToken, samplingDims } from "../src/ops/sampling.ts";
import { adagrad } from "../src/optim/adagrad.ts";
import { adamW } from "../src/optim/adam.ts";
import type { Optimizer } from "../src/optim/optimizer.ts";
import { rmsprop } from "../src/optim/rmsprop.ts";
import { sgd } from "../src/optim/sgd.ts";
import { momentSlabs, recordUpdate } from "../src/optim/update.ts";
import { Plan } from "../src/plan/plan.ts";
import { Recorder } from "../src/plan/recorder.ts";
import { recordNetwork } from "../src/run/network.ts";
import { type HostTensor, sizeOf, type Tensor, tensor, whole } from "../src/tensor.ts";
import { controlTensors } from "../src/train/control.ts";
import { recordSampling } from "../src/train/sampling-plan.ts";
import { recordTraining } from "../src/train/training-plan.ts";
import type { Target } from "../src/variant.ts";
import { type Case, characterModel, ids, MACHINES, noise, TRAINING } from "./cases.ts";

/** A plan whose dispatches are worth measuring, and what the host writes before it is played. */
export interface Job {
  readonly plan: Plan;
  readonly inputs: readonly (readonly [Tensor, Elements])[];
}

type Inputs = [Tensor, Elements][];

const UPDATES = [
  sgd({ learningRate: 0.1, momentum: 0.9 }),
  adagrad(),
  rmsprop({ centered: true, momentum: 0.9 }),
  adamW({ amsgrad: true }),
];

/** The plans in which every kernel is played at some sizes. */
export const jobs = (target: Target, sizes: Case): Job[] => [
  ...MACHINES.map((machine) => trainingJob(sizes, machine, target)),
  optionsJob(target, sizes),
  ...SCORES.map((score) => pairsJob(score, target, sizes)),
  ...UPDATES.map((optimizer) => updateJob(optimizer, target, sizes)),
  dropoutJob(target, sizes),
  elementLossJob(target, sizes),
  layersJob(target, sizes),
  gradientJob(target, sizes),
  samplingJob(target, sizes),
  drawJob(target),
];

/** One training step: embedding → LSTM → linear → cross-entropy → clip → Adam. */
export const trainingJob = (sizes: Case, machine: Machine, target: Target): Job =>
  modelJob(characterModel(sizes, machine), sizes, target);

/** The same with recurrent weights in float16, so that their kernels stand beside those of float32 at the same sizes. */
export const halfJobs = (target: Target, sizes: Case): Job[] =>
  MACHINES.map((machine) => trainingJob(sizes, machine, { ...target, half: true }));

/** A few time steps of a layer whose options bring in kernels of their own. */
function optionsJob(target: Target, sizes: Case): Job {
  const { vocabulary, features, hidden } = sizes;
  const layer = gru(features, hidden, {
    machine: "step",
    direction: "bidirectional",
    layerNorm: true,
    zoneout: 0.1,
    initialState: "learned",
  });
  const model = sequential(embedding(vocabulary, features), layer, linear(2 * hidden, vocabulary));
  return modelJob(model, { ...sizes, time: 8 }, target);
}

/** A training step of an encoder and a decoder that sees what the encoder ended with, and looks back. */
function pairsJob(attention: AttentionScore, target: Target, sizes: Case): Job {
  const { vocabulary, features, hidden } = sizes;
  const encoder = sequential(
    embedding(vocabulary, features),
    gru(features, hidden / 2, { direction: "bidirectional" }),
  );
  const decoder = sequential(
    embedding(vocabulary, features),
    encoderContext(features, hidden),
    gru(features + hidden, hidden),
    linear(hidden, vocabulary),
  );
  return modelJob(encoderDecoder({ encoder, decoder, attention }), { ...sizes, time: 16 }, target);
}

function modelJob(model: Model, { batch, time, vocabulary }: Case, target: Target): Job {
  const layout = layOut(model);
  const recorded = recordTraining(model, layout, { batch, time, target, loss: crossEntropy(), ...TRAINING });
  const { inputs, decoderInputs, targets, plan } = recorded;
  const read = decoderInputs ? [inputs, decoderInputs, targets] : [inputs, targets];
  const drawn: Inputs = read.map((to, stream) => [to, ids(sizeOf(to.shape), stream, vocabulary)]);
  return { plan, inputs: [...weights(model, layout), ...drawn] };
}

/** A model by itself, forward and back. */
function networkJob(model: Model, { batch, time, vocabulary }: Case, target: Target): Job {
  const layout = layOut(model);
  const options = { batch, time, masked: true, gradients: true, seed: TRAINING.seed };
  const { plan, inputs, mask, back } = recordNetwork({ model, layout }, options, target);
  const [steps, cotangents] = [mask, back?.output] as [Tensor, Tensor];
  return {
    plan,
    inputs: [
      ...weights(model, layout),
      [inputs, ids(time * batch, 0, vocabulary)],
      [steps, new Float32Array(time * batch).fill(1)],
      [cotangents, noise(sizeOf(cotangents.shape), 1)],
    ],
  };
}

/** A first update of a character model's parameters, by the gradients of two steps. */
function updateJob(optimizer: Optimizer, target: Target, sizes: Case): Job {
  const layout = layOut(characterModel(sizes, "scan"));
  const gradients = whole(gradientSlabs(layout).gradients);
  const recorder = new Recorder({ target });
  const { control, counters, losses } = controlTensors();
  const options = { optimizer, accumulate: 2 };
  const moments = momentSlabs(layout, options);
  recordUpdate(recorder, layout, { gradients, moments, control, counters, losses }, options);
  const drawn: Inputs = [whole(layout.slab), gradients].map((to, stream) => [to, noise(sizeOf(to.shape), stream)]);
  return { plan: recorder.finish(`update by ${optimizer.kind}`), inputs: [...drawn, [counters, Uint32Array.of(1)]] };
}

/** Dropout of hidden outputs. */
function dropoutJob(target: Target, { time, batch, hidden }: Case): Job {
  const { counters } = controlTensors();
  const x = tensor("x", [time, batch, hidden]);
  const recorder = new Recorder({ target, random: { seed: 1, counters } });
  dropout(recorder, x, 0.1);
  return { plan: recorder.finish("dropout"), inputs: [[x, noise(sizeOf(x.shape), 0)]] };
}

/** A loss of hidden outputs, number by number. */
function elementLossJob(target: Target, { time, batch, hidden }: Case): Job {
  const shape = [time, batch, hidden];
  const [output, targets] = [tensor("output", shape, { scratch: true }), tensor("targets", shape)];
  const slabs = { parameters: output.storage, gradients: tensor("gradients", shape).storage };
  const recorder = new Recorder({ target, slabs });
  const { control } = controlTensors();
  elementLoss(recorder, { output, targets, weights: undefined, loss: control }, { kind: "HUBER", delta: 1 });
  const inputs: Inputs = [output, targets].map((to, stream) => [to, noise(sizeOf(shape), stream)]);
  return { plan: recorder.finish("loss of numbers"), inputs };
}

/** The layers without recurrence, one on the other. */
function layersJob(target: Target, sizes: Case): Job {
  const { vocabulary, features } = sizes;
  const model = sequential(
    oneHot(vocabulary),
    linear(vocabulary, features),
    activation("elu"),
    temporalConvolution(features, features, { taps: 3, dilation: 2 }),
    meanOverTime(),
    linear(features, vocabulary),
  );
  return networkJob(model, sizes, target);
}

/** The gradient of R in one and, where a GPU would cut it, in parts of K, which are then added up. */
function gradientJob(target: Target, { hidden, batch, time }: Case): Job {
  const [m, n, k] = [4 * hidden, hidden, time * batch];
  const [a, b, c] = [tensor("dy", [time, batch, m]), tensor("x", [time, batch, n]), tensor("gradient", [m, n])];
  const gpu = { ...target, software: false };
  const steps = [...new Set([1, partsOfK({ m, n, k }, gpu, 1)])].flatMap((cut) => {
    const recorder = new Recorder({ target: gpu });
    products(recorder, [{ label: "gradient of R", a, transposeA: true, b, c, m, n, k }], cut);
    addPartialSums(recorder);
    return recorder.finish("gradient of R").steps;
  });
  const inputs: Inputs = [a, b].map((to, stream) => [to, noise(sizeOf(to.shape), stream)]);
  return { plan: new Plan("gradient of R", steps), inputs };
}

/** One token's way through a character model. */
function samplingJob(target: Target, sizes: Case): Job {
  const model = characterModel(sizes, "scan");
  const layout = layOut(model);
  return { plan: recordSampling(model, layout, target).plan, inputs: weights(model, layout) };
}

/** A draw from many logits by all means: temperature, top-k and top-p. */
function drawJob(target: Target): Job {
  const vocabulary = 8192;
  const logits = tensor("logits", [1, vocabulary]);
  const [tokens, cursor, next] = ["tokens", "cursor", "next"].map((name) => tensor(name, [1, 1], { type: "u32" })) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const recorder = new Recorder({ target });
  drawToken(recorder, { logits, tokens, cursor, next });
  const { name, steps } = recorder.finish("draw");
  const dims = samplingDims({ temperature: 0.8, topK: 40, topP: 0.9, seed: 1 });
  const drawing = steps.map((step) => (step.label === DRAW ? { ...step, dims: { ...step.dims, ...dims } } : step));
  return { plan: new Plan(name, drawing), inputs: [[logits, noise(vocabulary, 0).map((value) => 4 * value)]] };
}

/** A square matrix product with the tiles chosen for either kind of adapter. */
export function productJob(size: number, target: Target): Job {
  const [a, b, c] = ["a", "b", "c"].map((name) => tensor(name, [size, size])) as [Tensor, Tensor, Tensor];
  const steps = [false, true].flatMap((software) => {
    const recorder = new Recorder({ target: { ...target, software } });
    const label = `${size}³, tiles for ${software ? "software" : "hardware"}`;
    product(recorder, { label, a, b, c, m: size, n: size, k: size });
    return recorder.finish("square product").steps;
  });
  const inputs: Inputs = [a, b].map((to, stream) => [to, noise(size * size, stream)]);
  return { plan: new Plan("square product", steps), inputs };
}

function weights(model: Model, layout: ParameterLayout): Inputs {
  const given = initialWeights(model, TRAINING.seed);
  return [...layout.tensors].map(([name, to]) => [to, (given.get(name) as HostTensor).data]);
}
