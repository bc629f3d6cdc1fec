import { sizeOf, type Tensor } from "../tensor.ts";

/** Tensors by the names of a shader's bindings. */
type Bindings = Readonly<Record<string, Tensor>>;

/** Parts that one dispatch plays, a workgroup's z each. */
interface Together<Part> {
  readonly parts: readonly [Part, ...Part[]];
  /** From the first element of the first part to the last of the last. */
  readonly bindings: Record<string, Tensor>;
  /** Elements from one part to the next, for a shader's `Dims`: `a_part` of the binding a. */
  readonly distances: Readonly<Record<string, number>>;
}

/**
 * Puts parts together, directions of a layer or layers of a wavefront, as far as what neighbours bind is equally long and
 * lies at equal distances in the same storages.
 * @param most that one dispatch plays
 */
export function together<Part extends { readonly bindings: Bindings }>(
  parts: readonly Part[],
  most = parts.length,
): Together<Part>[] {
  const groups: [Part, ...Part[]][] = [];
  for (const part of parts) {
    const group = groups.at(-1);
    if (group && group.length < most && equallyFar([...group, part])) group.push(part);
    else groups.push([part]);
  }
  return groups.map((group) => {
    const [first, second = first] = group;
    const last = group.at(-1) as Part;
    const bindings: Record<string, Tensor> = {};
    const distances: Record<string, number> = {};
    for (const [name, tensor] of Object.entries(first.bindings)) {
      distances[`${name}_part`] = behind(tensor, second, name);
      const length = behind(tensor, last, name) + sizeOf(tensor.shape);
      bindings[name] = length > sizeOf(tensor.shape) ? { ...tensor, shape: [length] } : tensor;
    }
    return { parts: group, bindings, distances };
  });
}

/** How far the tensor of a part lies behind another. */
const behind = ({ offset }: Tensor, { bindings }: { readonly bindings: Bindings }, name: string): number =>
  (bindings[name] as Tensor).offset - offset;

function equallyFar(parts: readonly { readonly bindings: Bindings }[]): boolean {
  const [first, second] = parts as [{ bindings: Bindings }, { bindings: Bindings }];
  return Object.entries(first.bindings).every(([name, tensor]) => {
    const distance = behind(tensor, second, name);
    return (
      distance >= 0 &&
      parts.every(({ bindings: { [name]: other } }, p) => {
        const same = other?.storage === tensor.storage && sizeOf(other.shape) === sizeOf(tensor.shape);
        return same && other.offset === tensor.offset + p * distance;
      })
    );
  });
}
