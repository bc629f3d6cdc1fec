import { refuse } from "../errors.ts";
import { embedding } from "../nn/embedding.ts";
import { gru } from "../nn/gru.ts";
import type { Layer, LayerConfig } from "../nn/layer.ts";
import { linear } from "../nn/linear.ts";
import { lstm } from "../nn/lstm.ts";
import { type RnnOptions, rnn } from "../nn/rnn.ts";
import { type Model, sequential } from "../nn/sequential.ts";

/** A layer as a file describes it. */
export type LayerDescription = { readonly kind: string } & LayerConfig;

const BUILDERS: Readonly<Record<string, (config: LayerConfig) => Layer>> = {
  embedding: (config) => embedding(...numbers(config, "vocabulary", "features")),
  gru: recurrent(gru),
  lstm: recurrent(lstm),
  rnn: recurrent(rnn),
  linear: (config) => linear(...numbers(config, "inputs", "outputs")),
};

function recurrent(layer: (inputs: number, hidden: number, options: RnnOptions) => Layer) {
  return ({ inputs, hidden, ...options }: LayerConfig): Layer => layer(inputs as number, hidden as number, options);
}

function numbers(config: LayerConfig, first: string, second: string): [number, number] {
  return [config[first] as number, config[second] as number];
}

/** What {@link buildModel} takes back. */
export const describeModel = ({ layers }: Model): LayerDescription[] =>
  layers.map(({ kind, config }) => ({ kind, ...config }));

/** @throws WebgpuRnnError when a layer is of a kind that this version does not have, or its sizes are wrong */
export function buildModel(descriptions: readonly LayerDescription[]): Model {
  const layers = descriptions.map(({ kind, ...config }) => {
    const build = BUILDERS[kind];
    if (build) return build(config);
    const expected = `one of ${Object.keys(BUILDERS).join(", ")}`;
    throw refuse({ what: "model: kind of layer", expected, got: JSON.stringify(kind) });
  });
  return sequential(...layers);
}
