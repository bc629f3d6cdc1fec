import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";
import { type Library, likeliest, type Work } from "../library.ts";
import { type Given, recurrentPrefix, TRAINING, type Workload } from "../workloads.ts";

type States = [h: tf.Tensor2D, c: tf.Tensor2D];

/**
 * TensorFlow.js by its core operations: its layers multiply x·W anew in every step and have no GRU with the reset after
 * the product. Sums are made two by two, as `addN` is wrong above 7 tensors on WebGPU; training makes one-hot
 * rows of ids, as WebAssembly has no kernel for the gradient of a gather.
 */
export const library: Library = {
  async prepare(workload, given, backend) {
    setWasmPaths("/node_modules/@tensorflow/tfjs-backend-wasm/dist/");
    if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js does not start on ${backend}`);
    await tf.ready();
    const network = new Network(workload, given);
    return { training, sampling, inference }[workload.kind](network, workload, given);
  },
};

class Network {
  readonly variables: Map<string, tf.Variable>;
  readonly #workload: Workload;

  constructor(workload: Workload, { weights }: Given) {
    this.#workload = workload;
    this.variables = new Map(
      [...weights].map(([name, { shape, data }]) => [name, tf.variable(tf.tensor(data as Float32Array, [...shape]))]),
    );
  }

  #get(name: string): tf.Tensor2D {
    return this.variables.get(name) as unknown as tf.Tensor2D;
  }

  /** [n] → [n, E], for training */
  embed(ids: tf.Tensor1D): tf.Tensor2D {
    return tf.matMul(tf.oneHot(ids, this.#workload.vocabulary) as tf.Tensor2D, this.#get("0.weight"));
  }

  /** [n] → [n, E], without a gradient */
  gather(ids: tf.Tensor1D): tf.Tensor2D {
    return tf.gather(this.#get("0.weight"), ids);
  }

  /** [n, H] → [n, V] */
  logits(x: tf.Tensor2D): tf.Tensor2D {
    return tf.add(tf.matMul(x, this.#get("2.weight"), false, true), this.#get("2.bias"));
  }

  zeros(): States[] {
    const { layers, batch, hidden } = this.#workload;
    return Array.from({ length: layers }, () => [tf.zeros([batch, hidden]), tf.zeros([batch, hidden])]);
  }

  /** [T·B, I] → [T·B, H]; the input's part of all steps is one product. `states` become the last ones. */
  recurrent(x: tf.Tensor2D, time: number, states: States[]): tf.Tensor2D {
    const { cell, batch } = this.#workload;
    const prefix = recurrentPrefix(this.#workload);
    const step = cell === "lstm" ? lstmStep : gruStep;
    return states.reduce((inputs, initial, layer) => {
      const [W, R, b, c] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) =>
        this.#get(`${prefix}${name}_l${layer}`),
      ) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      const all = tf.matMul(inputs, W, false, true).add(b) as tf.Tensor2D;
      const steps = time === 1 ? [all] : (tf.split(all, new Array(time).fill(batch), 0) as tf.Tensor2D[]);
      let state = initial;
      const outputs = steps.map((given) => {
        state = step(given, state, R, c);
        return state[0];
      });
      states[layer] = state;
      return outputs.length === 1 ? (outputs[0] as tf.Tensor2D) : tf.concat(outputs, 0);
    }, x);
  }
}

function lstmStep(given: tf.Tensor2D, [h, c]: States, R: tf.Tensor2D, b: tf.Tensor2D): States {
  const [i, f, g, o] = tf.split(tf.matMul(h, R, false, true).add(b).add(given), 4, 1) as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const next = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh())) as tf.Tensor2D;
  return [o.sigmoid().mul(next.tanh()), next];
}

function gruStep(given: tf.Tensor2D, [h, c]: States, R: tf.Tensor2D, b: tf.Tensor2D): States {
  type Three = [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const [xr, xz, xn] = tf.split(given, 3, 1) as Three;
  const [hr, hz, hn] = tf.split(tf.matMul(h, R, false, true).add(b), 3, 1) as Three;
  const n = xn.add(xr.add(hr).sigmoid().mul(hn)).tanh();
  return [n.add(xz.add(hz).sigmoid().mul(h.sub(n))), c];
}

function training(network: Network, { time, vocabulary }: Workload, { inputs, targets }: Given): Work {
  const ids = tf.tensor1d(Int32Array.from(inputs), "int32");
  const wanted = tf.oneHot(tf.tensor1d(Int32Array.from(targets), "int32"), vocabulary);
  const variables = [...network.variables.values()];
  const { learningRate, beta1, beta2, epsilon, clipNorm } = TRAINING;
  const adam = tf.train.adam(learningRate, beta1, beta2, epsilon);
  const lossOf = (): tf.Scalar => {
    const logits = network.logits(network.recurrent(network.embed(ids), time, network.zeros()));
    return tf.losses.softmaxCrossEntropy(wanted, logits) as tf.Scalar;
  };
  return async () => {
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(lossOf, variables);
      const squares = Object.values(grads).map((gradient) => gradient.square().sum());
      const norm = squares.reduce((sum, square) => sum.add(square)).sqrt();
      const scale = tf.minimum(1, tf.div(clipNorm, norm.add(1e-6)));
      adam.applyGradients(Object.entries(grads).map(([name, gradient]) => ({ name, tensor: gradient.mul(scale) })));
      return value;
    });
    const result = await loss.data();
    loss.dispose();
    return result;
  };
}

function sampling(network: Network, { time }: Workload, { inputs }: Given): Work {
  return async () => {
    const drawn: number[] = [];
    let [id, states] = [inputs[0] as number, network.zeros()];
    while (drawn.length < time) {
      const before = states.flat();
      const [logits, after] = tf.tidy((): [tf.Tensor, States[]] => {
        const next = [...states];
        const outputs = network.recurrent(network.gather(tf.tensor1d([id], "int32")), 1, next);
        return [network.logits(outputs), next];
      });
      states = after;
      tf.dispose(before);
      id = likeliest(await logits.data());
      logits.dispose();
      drawn.push(id);
    }
    tf.dispose(states);
    return drawn;
  };
}

function inference(network: Network, { time, batch, features }: Workload, { inputs }: Given): Work {
  const x = tf.tensor2d(inputs as Float32Array, [time * batch, features]);
  return async () => {
    const outputs = tf.tidy(() => network.recurrent(x, time, network.zeros()));
    const result = await outputs.data();
    outputs.dispose();
    return result;
  };
}
