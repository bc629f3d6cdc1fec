import type { RowSteps } from "../src/batch/mask.ts";
import { gru } from "../src/nn/gru.ts";
import { jordan } from "../src/nn/jordan.ts";
import type { Layer } from "../src/nn/layer.ts";
import { lstm } from "../src/nn/lstm.ts";
import { mgu } from "../src/nn/mgu.ts";
import type { RecurrentOptions } from "../src/nn/recurrent-options.ts";
import { indrnn, rnn } from "../src/nn/rnn.ts";
import type { Machine } from "../src/ops/machine-options.ts";
import { type HostTensor, sizeOf } from "../src/tensor.ts";
import { covering } from "./covering.ts";
import { noise } from "./gpu/noise.ts";

const INPUTS = 3; // I
const HIDDEN = 5; // H

type Hidden = number | readonly number[];

/**
 * Every cell, smooth enough for differences: ReLU and its like stand in the fixtures of PyTorch and ONNX.
 */
const CELLS: Readonly<Record<string, (hidden: Hidden, options: RecurrentOptions) => Layer>> = {
  "rnn tanh": (hidden, options) => rnn(INPUTS, hidden, options),
  "indrnn softplus": (hidden, options) => indrnn(INPUTS, hidden, { activation: "softplus", ...options }),
  "jordan O < H": (hidden, options) => jordan(INPUTS, hidden, 2, options),
  "jordan O > H": (hidden, options) => jordan(INPUTS, hidden, 7, options),
  lstm: (hidden, options) => lstm(INPUTS, hidden, options),
  "lstm peepholes": (hidden, options) => lstm(INPUTS, hidden, { peepholes: true, ...options }),
  "lstm coupled, peepholes, cell clip": (hidden, options) =>
    lstm(INPUTS, hidden, { coupled: true, peepholes: true, cellClip: 0.4, ...options }),
  "lstm projection": (hidden, options) => lstm(INPUTS, hidden, { projection: 2, ...options }),
  "lstm other activations, clip": (hidden, options) =>
    lstm(INPUTS, hidden, {
      activations: ["softsign", { name: "scaledTanh", alpha: 1.2, beta: 0.7 }, "tanh"],
      clip: 2,
      ...options,
    }),
  gru: (hidden, options) => gru(INPUTS, hidden, options),
  "gru reset before": (hidden, options) => gru(INPUTS, hidden, { reset: "before", ...options }),
  mgu: (hidden, options) => mgu(INPUTS, hidden, options),
};

const SETTINGS = {
  cell: Object.keys(CELLS),
  direction: ["forward", "reverse", "concat", "sum", "mean", "multiply"],
  machine: ["scan", "step"],
  layers: ["1", "2", "of 3 and 5"],
  bias: ["yes", "no"],
  layerNorm: ["no", "yes"],
  recurrentDropout: ["none", "step", "sequence"],
  dropConnect: ["no", "yes"],
  zoneout: ["none", "drawn", "expected"],
  dropout: ["none", "input", "between"],
  rows: ["all", "lengths", "mask"],
  padding: ["zero", "carry"],
  returns: ["sequence", "last"],
  initialState: ["given", "learned"],
} as const;

/** What layers that are one on the other may have of it where they run as a wavefront. */
const JOINED = {
  ...SETTINGS,
  cell: Object.keys(CELLS).filter((cell) => !/jordan|indrnn|projection|before|mgu/.test(cell)),
  direction: ["forward", "reverse"],
  machine: ["wavefront"],
  layers: ["2", "3"],
  layerNorm: ["no"],
  recurrentDropout: ["none"],
  dropout: ["none", "input"],
} as const;

export type LayerChoice = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS | typeof JOINED)[Name][number];
};

/**
 * What would stand there without doing anything: dropout between layers where there is one layer, whatever is drawn
 * where zoneout is expected (that is outside training), and padding where no row is short or only the last step is given.
 */
function telling(choice: Partial<LayerChoice>): boolean {
  const { layers, dropout, zoneout, recurrentDropout, dropConnect, rows, padding, returns } = choice;
  if (dropout === "between" && layers === "1") return false;
  if (padding === "carry" && (rows === "all" || returns === "last")) return false;
  const drawn =
    [recurrentDropout ?? "none", dropout ?? "none"].some((value) => value !== "none") || dropConnect === "yes";
  return !(zoneout === "expected" && drawn);
}

export const layerSettings = { settings: SETTINGS, telling };

/** In which every two settings meet that may. */
export const layerChoices: readonly LayerChoice[] = [...covering(SETTINGS, telling), ...covering(JOINED, telling)];

/** What is not the first of its setting. */
export const choiceName = ({ cell, machine, ...rest }: LayerChoice): string => {
  const others = Object.entries(rest).filter(([name, value]) => SETTINGS[name as keyof typeof SETTINGS][0] !== value);
  return [`${cell} on the ${machine} machine`, ...others.map(([name, value]) => `${name} ${value}`)].join(", ");
};

/** @param hidden H of the layer, or of the upper one */
export function layerOf(choice: LayerChoice, hidden = HIDDEN): Layer {
  const { direction, layers, recurrentDropout, initialState } = choice;
  const both = direction !== "forward" && direction !== "reverse";
  const options: RecurrentOptions = {
    machine: choice.machine as Machine,
    ...(both ? { direction: "bidirectional", merge: direction as "concat" } : { direction }),
    bias: choice.bias === "yes",
    layerNorm: choice.layerNorm === "yes",
    ...(recurrentDropout === "none" ? {} : { recurrentDropout: 0.3, recurrentDropoutMask: recurrentDropout as "step" }),
    dropConnect: choice.dropConnect === "yes" ? 0.3 : 0,
    zoneout: choice.zoneout === "none" ? 0 : 0.3,
    inputDropout: choice.dropout === "input" ? 0.3 : 0,
    dropout: choice.dropout === "between" ? 0.3 : 0,
    padding: choice.padding as "zero",
    returns: choice.returns as "last",
    initialState: initialState === "learned" ? "learned" : "zero",
    ...(layers === "2" || layers === "3" ? { layers: Number(layers) } : {}),
  };
  const build = CELLS[choice.cell];
  if (!build) throw new Error(`there is no cell ${choice.cell}`);
  return build(layers === "of 3 and 5" ? [3, hidden] : hidden, options);
}

/** Whether what is random is drawn. */
export const trains = ({ zoneout }: LayerChoice): boolean => zoneout !== "expected";

/** B, T. */
export const SHAPE = { batch: 3, time: 3 } as const;

/** A row in between, an empty one and a full one; or rows with holes. */
export function rowSteps({ rows }: LayerChoice): RowSteps {
  if (rows === "lengths") return { lengths: [2, 0, 3] };
  if (rows === "all") return {};
  return {
    mask: [
      [0, 1, 1],
      [1, 0, 1],
      [1, 1, 1],
    ],
  };
}

/** What a layer is given by name: parameters away from their starting values, states unless they are learned, cotangents. */
export function givenOf(layer: Layer, { initialState }: LayerChoice, outputs: readonly number[], states: StateShapes) {
  const { batch, time } = SHAPE;
  let stream = 0;
  const drawn = (shape: readonly number[], bound = 1, around = 0): HostTensor => ({
    shape,
    data: noise(sizeOf(shape), ++stream, bound).map((value) => around + value),
  });
  return new Map<string, HostTensor>([
    ["inputs", drawn([batch, time, INPUTS])],
    ...layer.parameters.map(({ name, shape }): [string, HostTensor] => {
      return [name, name.startsWith("gain") ? drawn(shape, 0.3, 1) : drawn(shape, 0.6)];
    }),
    ...[...states].flatMap(([name, shape]): [string, HostTensor][] => [
      ...(initialState === "given" ? [[`initial ${name}`, drawn(shape)] as [string, HostTensor]] : []),
      [`cotangent of final ${name}`, drawn(shape)],
    ]),
    ["cotangent of outputs", drawn(outputs)],
  ]);
}

/** Of each state by its name, such as `h_l0`. */
export type StateShapes = ReadonlyMap<string, readonly number[]>;
