import { refuse } from "../errors.ts";
import type { Slabs } from "../plan/way.ts";
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
 * @throws WebgpuRnnError when one is missing, has another shape or is not finite
 */
export function parametersAmong(what: string, model: Model, weights: NamedTensors): NamedTensors {
  const found = model.parameters.map(({ name, shape }): [string, HostTensor] => {
    return [name, fitting(`${what}: "${name}"`, shape, weights.get(name))];
  });
  return new Map(found);
}

/** A tensor from the host, refused unless it is of this shape, float32 and finite. */
export function fitting(what: string, shape: readonly number[], given: HostTensor | undefined): HostTensor {
  const cure = "describe the model that the weights were trained with";
  const expected = `a tensor of shape ${shapeText(shape)}`;
  if (!given) throw refuse({ what, expected, got: "none of this name", cure });
  const { data } = given;
  if (shapeText(given.shape) !== shapeText(shape)) throw refuse({ what, expected, got: shapeText(given.shape), cure });
  if (!(data instanceof Float32Array) || data.length !== sizeOf(shape)) {
    throw refuse({
      what,
      expected: `${sizeOf(shape)} numbers in a Float32Array`,
      got: `${data.length} in another form`,
    });
  }
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw refuse({ what, expected: "finite numbers", got: `${data[wrong]} at place ${wrong}` });
  return given;
}

/** A slab as long as the parameters' own, as gradients and moments are. */
export const twinSlab = ({ slab }: ParameterLayout, name: string): Storage => ({ ...slab, name });

export const gradientSlabs = (layout: ParameterLayout): Slabs => ({
  parameters: layout.slab,
  gradients: twinSlab(layout, "gradients"),
});
