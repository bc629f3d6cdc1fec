import { LAYOUTS, type Layout } from "../batch/host-layout.ts";
import { oneOf, onlyKnown, wholeNumbers } from "../check.ts";
import { checkGpu, type Gpu } from "../gpu/device.ts";
import { oneSequence } from "../nn/encoder-decoder.ts";
import type { Layer } from "../nn/layer.ts";
import { type Model, wholeModel } from "../nn/sequential.ts";
import type { HostTensor } from "../tensor.ts";
import { Parameters, type WeightSource } from "../train/parameters.ts";
import { type Forward, ForwardPass, type ForwardResult } from "./forward.ts";
import { Networks } from "./networks.ts";

const OUTPUTS = ["values", "probabilities"] as const;

export interface PredictorOptions {
  /** Weights by name, or the program whose weights are used where they lie, such as a trainer. */
  from: WeightSource;
  /** Most rows of a batch, B. Default 1. */
  batch?: number;
  /** What the last layer gives, or its softmax. Default "values". */
  output?: (typeof OUTPUTS)[number];
  /** How inputs and outputs lie on the host. Default "batch-first", [B, T, N]. */
  layout?: Layout;
}

/** Runs a model forward on sequences of any length, as outside training. */
export class Predictor {
  readonly parameters: Parameters;
  readonly #networks: Networks;
  readonly #pass: ForwardPass;
  readonly #probabilities: boolean;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parameters: Parameters, { batch = 1, output, layout = "batch-first" }: PredictorOptions) {
    this.parameters = parameters;
    this.#networks = new Networks(parameters, { gradients: false, seed: undefined });
    this.#pass = new ForwardPass(this.#networks, parameters.model, { batch, time: Number.POSITIVE_INFINITY, layout });
    this.#probabilities = output === "probabilities";
  }

  /**
   * Runs the model forward; a second call waits for the first.
   * @throws WebgpuRnnError when inputs, lengths, mask or initial states are not as the model takes them
   */
  run(given: Omit<Forward, "taps">): Promise<Omit<ForwardResult, "taps">> {
    const result = this.#last.then(async () => {
      const { outputs, finalStates } = await this.#pass.run(given);
      return { outputs: this.#probabilities ? softmax(outputs) : outputs, finalStates };
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Frees everything but weights that other programs share. */
  dispose(): void {
    this.#networks.dispose();
  }
}

/** @throws WebgpuRnnError when an option is out of range or weights do not fit the model */
export async function createPredictor(gpu: Gpu, model: Model | Layer, options: PredictorOptions): Promise<Predictor> {
  const whole = wholeModel("createPredictor", model);
  onlyKnown("createPredictor", options, ["from", "batch", "output", "layout"]);
  const { from, batch = 1, output, layout } = options;
  oneSequence("createPredictor", whole);
  wholeNumbers("createPredictor", { batch });
  oneOf("createPredictor: output", output, OUTPUTS);
  oneOf("createPredictor: layout", layout, LAYOUTS);
  checkGpu("createPredictor", gpu);
  return new Predictor(Parameters.from(gpu, whole, from), options);
}

/** Probabilities over the last axis. */
function softmax({ shape, data }: HostTensor): HostTensor {
  const width = shape.at(-1) as number;
  const result = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += width) {
    const logits = data.subarray(at, at + width);
    const largest = logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const exponentials = Array.from(logits, (value) => Math.exp(value - largest));
    const sum = exponentials.reduce((total, value) => total + value, 0);
    result.set(
      exponentials.map((value) => value / sum),
      at,
    );
  }
  return { shape, data: result };
}
