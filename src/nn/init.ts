import { threefry, uniformFrom } from "../random.ts";
import { type HostTensor, type NamedTensors, sizeOf } from "../tensor.ts";
import type { Initial } from "./layer.ts";
import { orthogonal } from "./orthogonal.ts";
import type { Model } from "./sequential.ts";

/**
 * The weights that a model starts from; the same seed gives the same bits everywhere.
 * @param seed a whole number from 0 to 2³² − 1
 */
export function initialWeights(model: Model, seed: number): NamedTensors {
  return new Map(
    model.parameters.map(({ name, shape, initial }, index): [string, HostTensor] => {
      const draw = (i: number): number => value(initial, i, threefry(seed, index, i, 0));
      const drawn = Float64Array.from({ length: sizeOf(shape) }, (_, i) => draw(i));
      return [name, { shape, data: Float32Array.from(initial.kind === "orthogonal" ? blocks(drawn, initial) : drawn) }];
    }),
  );
}

function value(initial: Initial, i: number, [first, second]: readonly [number, number]): number {
  switch (initial.kind) {
    case "constant":
      return initial.value;
    case "uniform":
      if (i >= (initial.from ?? 0) && i < (initial.to ?? 0)) return initial.value ?? 0;
      return (2 * uniformFrom(first) - 1) * initial.bound;
    case "normal":
      return normal(first, second) * (initial.deviation ?? 1);
    case "orthogonal":
      return normal(first, second);
    default:
      return initial satisfies never;
  }
}

/** Box–Muller; 1 − u lies in (0, 1], where the logarithm is finite. */
const normal = (first: number, second: number): number =>
  Math.sqrt(-2 * Math.log(1 - uniformFrom(first))) * Math.cos(2 * Math.PI * uniformFrom(second));

function blocks(drawn: Float64Array, { rows, columns }: { rows: number; columns: number }): Float64Array {
  const size = rows * columns;
  const made = new Float64Array(drawn.length);
  for (let at = 0; at < drawn.length; at += size) {
    made.set(orthogonal(drawn.subarray(at, at + size), rows, columns), at);
  }
  return made;
}
