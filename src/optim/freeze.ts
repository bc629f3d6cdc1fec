import { refuse } from "../errors.ts";
import type { ParameterLayout } from "../nn/parameters.ts";
import { alignUp, sizeOf, type Tensor } from "../tensor.ts";

/** A part of a slab, in elements. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/**
 * What an update touches: the slab in one stretch, or what frozen parameters leave of it.
 * @param frozen names of parameters such as `0.weight`, or of layers, with the point: `0.`
 * @throws WebgpuRnnError when one names no parameter, or none is left
 */
export function trainable({ tensors }: ParameterLayout, frozen: readonly string[]): Stretch[] {
  const names = [...tensors.keys()];
  if (!Array.isArray(frozen)) {
    throw refuse({ what: "freeze", expected: "a list of names", got: String(frozen) });
  }
  for (const given of frozen) {
    if (names.some((name) => freezes(given, name))) continue;
    const expected = `parameters among ${names.join(", ")}, or layers such as "0."`;
    throw refuse({ what: "freeze", expected, got: String(given) });
  }
  const stretches: Stretch[] = [];
  for (const [name, { offset, shape }] of tensors) {
    if (frozen.some((given) => freezes(given, name))) continue;
    const length = alignUp(sizeOf(shape));
    const last = stretches.at(-1);
    if (last && last.offset + last.length === offset) {
      stretches.splice(-1, 1, { offset: last.offset, length: last.length + length });
    } else stretches.push({ offset, length });
  }
  if (stretches.length > 0) return stretches;
  throw refuse({ what: "freeze", expected: "some parameters left to train", got: "all of them" });
}

const freezes = (given: string, name: string): boolean =>
  given === name || (String(given).endsWith(".") && name.startsWith(given));

/** The part of a whole slab. */
export const stretchOf = (slab: Tensor, { offset, length }: Stretch): Tensor => ({ ...slab, offset, shape: [length] });
