import { refuse } from "../errors.ts";
import { activation } from "../nn/activation.ts";
import type { AttentionScore } from "../nn/attention.ts";
import * as cells from "../nn/cells.ts";
import { dropout } from "../nn/dropout.ts";
import { embedding } from "../nn/embedding.ts";
import { encoderContext } from "../nn/encoder-context.ts";
import { encoderDecoder, isEncoderDecoder } from "../nn/encoder-decoder.ts";
import type { Layer, LayerConfig, Unsized } from "../nn/layer.ts";
import { layerNorm } from "../nn/layer-norm.ts";
import { linear } from "../nn/linear.ts";
import { oneHot } from "../nn/one-hot.ts";
import { lastStep, maxOverTime, meanOverTime } from "../nn/pooling.ts";
import { type Model, sequential } from "../nn/sequential.ts";
import { temporalConvolution } from "../nn/temporal-convolution.ts";
import type { Activation } from "../ops/activations.ts";

/** A layer as a file describes it. */
type LayerDescription = { readonly kind: string } & LayerConfig;

type Build = (config: LayerConfig) => Layer | Unsized;

const { jordan, ...ofOneWidth } = cells;

const BUILDERS: ReadonlyMap<unknown, Build> = new Map<string, Build>([
  ["activation", ({ of }) => activation(of as Activation)],
  ["dropout", ({ share }) => dropout(share as number)],
  ["embedding", ({ vocabulary, features, ...options }) => embedding(vocabulary as number, features as number, options)],
  ["encoderContext", ({ inputs, context }) => encoderContext(inputs as number, context as number)],
  [
    "jordan",
    ({ inputs, hidden, outputs, ...options }) =>
      jordan(...([inputs, hidden, outputs, options] as Parameters<typeof jordan>)),
  ],
  ["layerNorm", ({ size, ...options }) => layerNorm(size as number, options)],
  ["lastStep", lastStep],
  ["linear", ({ inputs, outputs, ...options }) => linear(inputs as number, outputs as number, options)],
  ["maxOverTime", maxOverTime],
  ["meanOverTime", meanOverTime],
  ["oneHot", ({ vocabulary }) => oneHot(vocabulary as number)],
  [
    "temporalConvolution",
    ({ inputs, outputs, taps, ...options }) =>
      temporalConvolution(inputs as number, outputs as number, { taps: taps as number, ...options }),
  ],
  ...Object.entries(ofOneWidth).map(([kind, layer]): [string, Build] => [kind, recurrent(layer)]),
]);

/** What a layer refuses of its options, it refuses of a file's as well. */
function recurrent<Options>(
  layer: (inputs: number, hidden: number | readonly number[], options: Options) => Layer,
): Build {
  return ({ inputs, hidden, ...options }) => layer(inputs as number, hidden as number, options as Options);
}

/** The two halves of an encoder–decoder model as a file describes them. */
interface PairDescription {
  readonly encoder: readonly LayerDescription[];
  readonly decoder: readonly LayerDescription[];
  readonly start?: number;
  readonly attention?: AttentionScore;
}

/**
 * What {@link buildModel} takes back.
 * @throws WebgpuRnnError when there is a layer that no file describes, such as one of a cell of one's own
 */
export function describeModel(model: Model): LayerDescription[] | PairDescription {
  if (!isEncoderDecoder(model)) return describeLayers(model);
  const { encoder, decoder, start, attention } = model;
  return {
    encoder: describeLayers(encoder),
    decoder: describeLayers(decoder),
    ...(start === undefined ? {} : { start }),
    ...(attention ? { attention: attention.score } : {}),
  };
}

const describeLayers = ({ layers }: Model): LayerDescription[] =>
  layers.map(({ kind, config }, i) => {
    if (BUILDERS.has(kind)) return { kind, ...config };
    throw refuse({
      what: `checkpoint: layer ${i} (${kind})`,
      expected: `one of ${[...BUILDERS.keys()].join(", ")}`,
      got: "a layer that only your program can describe",
      cure: "save the weights alone with writeSafetensors, and give them to the model as `from`",
    });
  });

/** @throws WebgpuRnnError when these are no layers of kinds that this version has, or a size is wrong */
export function buildModel(description: unknown): Model {
  if (typeof description !== "object" || description === null || !("decoder" in description)) {
    return buildLayers(description);
  }
  const { encoder, decoder, ...rest } = description as PairDescription;
  return encoderDecoder({ encoder: buildLayers(encoder), decoder: buildLayers(decoder), ...rest });
}

function buildLayers(descriptions: unknown): Model {
  if (!Array.isArray(descriptions)) {
    throw refuse({ what: "model", expected: "a list of layers", got: JSON.stringify(descriptions) });
  }
  const layers = descriptions.map((description: unknown) => {
    const { kind, ...config } = (description ?? {}) as LayerDescription;
    const build = BUILDERS.get(kind);
    if (build) return build(config);
    const expected = `one of ${[...BUILDERS.keys()].join(", ")}`;
    throw refuse({ what: "model: kind of layer", expected, got: JSON.stringify(kind) ?? "none" });
  });
  return sequential(...layers);
}
