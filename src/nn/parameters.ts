import { refuse } from "../errors.ts";
import type { Slabs } from "../plan/recorder.ts";
import {
  alignUp,
  type HostTensor,
  type NamedTensors,
  type Storage,
  shapeText,
  sizeOf,
  type Tensor,
} from "../tensor.ts";
import type { Model } from "./sequential.ts";

/** Where the parameters of a model lie: one slab, each parameter aligned within it. */
export interface ParameterLayout {
  readonly slab: Storage;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

export function layOut(model: Model): ParameterLayout {
  const lengths = model.parameters.map(({ shape }) => alignUp(sizeOf(shape)));
  const slab: Storage = {
    name: "parameters",
    length: lengths.reduce((sum, length) => sum + length, 0),
    scratch: false,
  };
  const tensors = new Map<string, Tensor>();
  let offset = 0;
  model.parameters.forEach(({ name, shape }, i) => {
    tensors.set(name, { name, type: "f32", shape, storage: slab, offset });
    offset += lengths[i] as number;
  });
  return { slab, tensors };
}

/**
 * The parameters of a model among some weights; others are left out.
 * @param what names the weights in an error
 * @throws WebgpuRnnError when one is missing or has another shape
 */
export function parametersAmong(what: string, model: Model, weights: NamedTensors): NamedTensors {
  const found = model.parameters.map(({ name, shape }): [string, HostTensor] => {
    const given = weights.get(name);
    if (given && shapeText(given.shape) === shapeText(shape)) return [name, given];
    throw refuse({
      what: `${what}: "${name}"`,
      expected: `a tensor of shape ${shapeText(shape)}`,
      got: given ? shapeText(given.shape) : "none of this name",
      cure: "describe the model that the weights were trained with",
    });
  });
  return new Map(found);
}

/** A slab as long as the parameters' own, as gradients and moments are. */
export const twinSlab = ({ slab }: ParameterLayout, name: string): Storage => ({ ...slab, name });

/** A whole slab as one tensor, padding included. */
export const whole = (slab: Storage): Tensor => ({
  name: slab.name,
  type: "f32",
  shape: [slab.length],
  storage: slab,
  offset: 0,
});

export const gradientSlabs = (layout: ParameterLayout): Slabs => ({
  parameters: layout.slab,
  gradients: twinSlab(layout, "gradients"),
});
