import { columns } from "../columns.ts";
import { refuse } from "../errors.ts";
import { shapeText, sizeOf } from "../tensor.ts";
import type { Layer, Parameter, Unsized } from "./layer.ts";

/** A description of a network: plain values, no GPU; prints itself as a table. */
export interface Model {
  readonly layers: readonly Layer[];
  /** Every parameter under its full name, `<layer>.<parameter>`, as PyTorch's `nn.Sequential` names them. */
  readonly parameters: readonly Parameter[];
  /** How many numbers are learned. */
  readonly size: number;
  toString(): string;
}

/**
 * Layers one after the other; those without a width take it from the layer before.
 * @throws WebgpuRnnError when there is no layer, one does not take what the layer before it gives, or the first has no
 *   width
 */
export function sequential(...given: (Layer | Unsized)[]): Model {
  if (given.length === 0) throw refuse({ what: "sequential", expected: "at least one layer", got: "none" });
  const layers: Layer[] = [];
  given.forEach((layer, i) => {
    const before = layers.at(-1);
    layers.push("fit" in layer ? fitted(layer, before) : matching(layer, i, before));
  });
  const parameters = layers.flatMap((layer, i) =>
    layer.parameters.map((parameter) => ({ ...parameter, name: `${i}.${parameter.name}` })),
  );
  const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { layers, parameters, size, toString: () => table(layers, size) };
}

function fitted(layer: Unsized, before: Layer | undefined): Layer {
  if (before) return layer.fit(before);
  const expected = "a first layer that says what it takes, such as linear(inputs, outputs)";
  throw refuse({ what: "sequential", expected, got: `${layer.kind}, which takes its width from the layer before it` });
}

function matching(layer: Layer, i: number, before: Layer | undefined): Layer {
  if (!before || layer.input === before.output) return layer;
  throw refuse({
    what: `sequential: layer ${i} (${layer.kind})`,
    expected: `inputs of ${before.output} features, the outputs of layer ${i - 1} (${before.kind})`,
    got: layer.input === "ids" ? "a layer that takes ids" : `a layer that takes ${layer.input}`,
  });
}

/** One row a layer: its place and kind, what it maps to what, its parameters. */
function table(layers: readonly Layer[], size: number): string {
  const rows = layers.map(({ kind, input, output, parameters, config }, i) => {
    const count = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const shapes = parameters.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(", ");
    const from = input === "ids" ? `ids below ${config.vocabulary}` : String(input);
    return [`${i} ${kind}`, `${from} → ${output}`, count.toLocaleString("en-US"), shapes];
  });
  const head = ["layer", "shape", "parameters", ""];
  return columns([head, ...rows, ["total", "", size.toLocaleString("en-US"), ""]]).join("\n");
}

/** A model, or a layer as a model of its own; anything else is refused. */
export function wholeModel(what: string, given: Model | Layer): Model {
  if (typeof given === "object" && given !== null) {
    if ("layers" in given && Array.isArray(given.layers)) return given;
    if ("record" in given) return sequential(given);
  }
  throw refuse({ what: `${what}: model`, expected: "what sequential gives, or a layer", got: String(given) });
}
