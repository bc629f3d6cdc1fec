import type { Layer } from "../src/nn/layer.ts";
import type { HostTensor, NamedTensors } from "../src/tensor.ts";
import { signs } from "./fixtures/hashed.ts";
import type { Reference } from "./fixtures/reference.ts";
import type { NamedRun } from "./gpu/run-named.ts";
import { playNamed } from "./play-named.ts";

/** Relative: four units in the last place. WGSL lets a division err by 2.5 of them, exp by 3 and more. */
const MOVE = 2 ** -21;

/** Choices of signs for all the moves. */
const DIRECTIONS = 3;

/**
 * What the float64 twins make of a layer. A tensor's `sway` is the farthest that any of its elements goes when every number
 * given moves by a few units in the last place: layer normalisation of a row that dropout has left almost empty divides by
 * little, and carries rounding farther than is allowed otherwise.
 */
export function twinReferences(layer: Layer, given: NamedTensors, run: NamedRun): Record<string, Reference> {
  const moved = Array.from({ length: DIRECTIONS }, (_, direction) => playNamed(layer, move(given, direction), run));
  return Object.fromEntries(
    [...playNamed(layer, given, run)].map(([name, { shape, data }]): [string, Reference] => {
      const rms = Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / data.length);
      const sway = Math.max(...moved.map((results) => farthest((results.get(name) as HostTensor).data, data)));
      return [name, { shape, rms, sway, data: [...data] }];
    }),
  );
}

const farthest = (from: Float32Array, to: Float32Array): number =>
  from.reduce((most, value, i) => Math.max(most, Math.abs(value - (to[i] as number))), 0);

function move(given: NamedTensors, direction: number): NamedTensors {
  return new Map(
    [...given].map(([name, { shape, data }], i) => {
      const sign = signs(data.length, DIRECTIONS * i + direction);
      return [name, { shape, data: data.map((value, j) => value * (1 + (sign[j] as number) * MOVE)) }];
    }),
  );
}
