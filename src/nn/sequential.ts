import { columns } from "../columns.ts";
import { refuse } from "../errors.ts";
import { shapeText, sizeOf } from "../tensor.ts";
import type { Layer, Parameter } from "./layer.ts";

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
 * Layers one after the other.
 * @throws WebgpuRnnError when there is no layer, or one does not take what the layer before it gives
 */
export function sequential(...layers: Layer[]): Model {
  if (layers.length === 0) throw refuse({ what: "sequential", expected: "at least one layer", got: "none" });
  layers.slice(1).forEach((layer, i) => {
    const before = layers[i] as Layer;
    if (layer.input === before.output) return;
    throw refuse({
      what: `sequential: layer ${i + 1} (${layer.kind})`,
      expected: `inputs of ${before.output} features, the outputs of layer ${i} (${before.kind})`,
      got: layer.input === "ids" ? "a layer that takes ids" : `a layer that takes ${layer.input}`,
    });
  });
  const parameters = layers.flatMap((layer, i) =>
    layer.parameters.map((parameter) => ({ ...parameter, name: `${i}.${parameter.name}` })),
  );
  const size = parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { layers, parameters, size, toString: () => table(layers, size) };
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
