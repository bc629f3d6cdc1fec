import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { type Library, likeliest, type Work } from "../library.ts";
import { type Given, recurrentPrefix, TRAINING, type Workload } from "../workloads.ts";

type Arrays = Record<string, np.Array>;
type State = [h: np.Array, c: np.Array];

/**
 * jax-js: everything that is computed between two read-backs is one function under `jit`. It has no `scan`, so time is
 * unrolled. A function owns its arguments; what is used once more is passed as `.ref`.
 */
export const library: Library = {
  async prepare(workload, given, backend) {
    const device = backend as "wasm" | "webgpu";
    if (!(await init(device)).includes(device)) throw new Error(`jax-js does not start on ${backend}`);
    defaultDevice(device);
    return { training, sampling, inference }[workload.kind](workload, given, backend);
  },
};

const arraysOf = ({ weights }: Given): Arrays =>
  Object.fromEntries(
    [...weights].map(([name, { shape, data }]) => [
      name,
      np.array(data as Float32Array<ArrayBuffer>).reshape([...shape]),
    ]),
  );

const zeros = ({ layers, batch, hidden }: Workload): State[] =>
  Array.from({ length: layers }, () => [np.zeros([batch, hidden]), np.zeros([batch, hidden])]);

const product = (x: np.Array, weights: np.Array): np.Array => np.matmul(x, weights.transpose());

/** Ids [n] as one-hot rows → [n, E] */
const embed = (weights: Arrays, oneHot: np.Array): np.Array => np.matmul(oneHot, weight(weights, "0.weight"));

/** [n, H] → [n, V] */
const logitsOf = (weights: Arrays, x: np.Array): np.Array =>
  product(x, weight(weights, "2.weight")).add(weight(weights, "2.bias"));

const weight = (weights: Arrays, name: string): np.Array => (weights[name] as np.Array).ref;

/** [T·B, I] → [T·B, H] and the last states; the input's part of all steps is one product. */
function recurrent(workload: Workload, weights: Arrays, x: np.Array, time: number, states: State[]) {
  const step = workload.cell === "lstm" ? lstmStep : gruStep;
  const prefix = recurrentPrefix(workload);
  let outputs = x;
  const last = states.map((initial, layer): State => {
    const [W, R, b, c] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) =>
      weight(weights, `${prefix}${name}_l${layer}`),
    ) as [np.Array, np.Array, np.Array, np.Array];
    const all = product(outputs, W).add(b);
    let state = initial;
    const steps = (time === 1 ? [all] : np.split(all, time, 0)).map((given) => {
      state = step(given, state, R, c);
      return state[0].ref;
    });
    outputs = steps.length === 1 ? (steps[0] as np.Array) : np.concatenate(steps, 0);
    return state;
  });
  return { outputs, last };
}

function lstmStep(given: np.Array, [h, c]: State, R: np.Array, b: np.Array): State {
  const [i, f, g, o] = np.split(product(h, R.ref).add(b.ref).add(given), 4, 1) as [
    np.Array,
    np.Array,
    np.Array,
    np.Array,
  ];
  const next = nn
    .sigmoid(f)
    .mul(c)
    .add(nn.sigmoid(i).mul(np.tanh(g)));
  return [nn.sigmoid(o).mul(np.tanh(next.ref)), next];
}

function gruStep(given: np.Array, [h, c]: State, R: np.Array, b: np.Array): State {
  type Three = [np.Array, np.Array, np.Array];
  const [xr, xz, xn] = np.split(given, 3, 1) as Three;
  const [hr, hz, hn] = np.split(product(h.ref, R.ref).add(b.ref), 3, 1) as Three;
  const n = np.tanh(xn.add(nn.sigmoid(xr.add(hr)).mul(hn)));
  return [n.ref.add(nn.sigmoid(xz.add(hz)).mul(h.sub(n))), c];
}

const oneHot = (ids: ArrayLike<number>, vocabulary: number): np.Array =>
  nn.oneHot(np.array(Int32Array.from(ids)), vocabulary);

function training(workload: Workload, given: Given, backend: string): Work {
  const { learningRate, beta1, beta2, epsilon, clipNorm } = TRAINING;
  const { time, batch, vocabulary } = workload;
  const lossOf = (weights: Arrays, x: np.Array, wanted: np.Array): np.Array => {
    const { outputs } = recurrent(workload, weights, embed(weights, x), time, zeros(workload));
    const chosen = nn.logSoftmax(logitsOf(weights, outputs)).mul(wanted);
    return chosen.sum().mul(-1 / (time * batch));
  };
  const step = jit((weights: Arrays, m: Arrays, v: Arrays, x: np.Array, wanted: np.Array, corrections: np.Array[]) => {
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(weights), x, wanted) as [np.Array, Arrays];
    const names = Object.keys(weights);
    const squares = names.map((name) => np.square(weight(gradients, name)).sum());
    const norm = np.sqrt(squares.reduce((sum, square) => sum.add(square)));
    const scale = np.minimum(1, np.array(clipNorm).div(norm.add(1e-6)));
    const [first, second] = corrections as [np.Array, np.Array];
    const next: [Arrays, Arrays, Arrays] = [{}, {}, {}];
    for (const name of names) {
      const gradient = weight(gradients, name).mul(scale.ref);
      const mean = weight(m, name)
        .mul(beta1)
        .add(gradient.ref.mul(1 - beta1));
      const square = weight(v, name)
        .mul(beta2)
        .add(np.square(gradient).mul(1 - beta2));
      const size = np.sqrt(square.ref.mul(second.ref)).add(epsilon);
      next[0][name] = weight(weights, name).sub(mean.ref.mul(first.ref).div(size).mul(learningRate));
      next[1][name] = mean;
      next[2][name] = square;
    }
    return [loss, ...next] as [np.Array, Arrays, Arrays, Arrays];
  });
  let weights = arraysOf(given);
  let [m, v] = [0, 1].map(() => tree.map((array: np.Array) => np.zerosLike(array.ref), weights)) as [Arrays, Arrays];
  const [x, wanted] = [given.inputs, given.targets].map((ids) => oneHot(ids, vocabulary)) as [np.Array, np.Array];
  let steps = 0;
  return async () => {
    steps += 1;
    const corrections = [beta1, beta2].map((beta) => np.array(1 / (1 - beta ** steps)));
    let loss: np.Array;
    [loss, weights, m, v] = step(weights, m, v, x.ref, wanted.ref, corrections) as [np.Array, Arrays, Arrays, Arrays];
    const losses = await loss.data();
    // Its workers on WASM go on after the loss is known; on WebGPU the loss is read behind all that was submitted.
    if (backend === "wasm") await blockUntilReady([weights, m, v]);
    return losses;
  };
}

function sampling(workload: Workload, given: Given): Work {
  const weights = arraysOf(given);
  const step = jit((owned: Arrays, states: State[], id: np.Array): [np.Array, State[]] => {
    const { outputs, last } = recurrent(workload, owned, np.take(weight(owned, "0.weight"), id, 0), 1, states);
    return [logitsOf(owned, outputs), last];
  });
  return async () => {
    const drawn: number[] = [];
    let [id, states] = [given.inputs[0] as number, zeros(workload)];
    while (drawn.length < workload.time) {
      let logits: np.Array;
      [logits, states] = step(tree.ref(weights), states, np.array(Int32Array.of(id))) as [np.Array, State[]];
      id = likeliest(await logits.data());
      drawn.push(id);
    }
    tree.dispose(states);
    return drawn;
  };
}

function inference(workload: Workload, given: Given): Work {
  const { time, batch, features } = workload;
  const weights = arraysOf(given);
  const x = np.array(given.inputs as Float32Array<ArrayBuffer>).reshape([time * batch, features]);
  const run = jit((owned: Arrays, inputs: np.Array) => {
    const { outputs, last } = recurrent(workload, owned, inputs, time, zeros(workload));
    tree.dispose(last);
    return outputs;
  });
  return async () => (run(tree.ref(weights), x.ref) as np.Array).data();
}
