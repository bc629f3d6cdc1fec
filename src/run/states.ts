import { checkTensor } from "../batch/host-layout.ts";
import { named } from "../check.ts";
import { refuse } from "../errors.ts";
import { FLAG, type StatePart } from "../nn/layer.ts";
import { type HostTensor, type NamedTensors, sizeOf, type Tensor } from "../tensor.ts";

/** The states of a recorded model: for each tensor that a layer carries, what lies in it. */
export type StateParts = ReadonlyMap<Tensor, readonly StatePart[]>;

/** The state that flags are of; undefined where a part is no flags. */
function flagged({ name }: StatePart): string | undefined {
  const last = name.lastIndexOf(".") + 1;
  return name.startsWith(FLAG, last) ? name.slice(0, last) + name.slice(last + FLAG.length) : undefined;
}

const visible = (parts: readonly StatePart[]): StatePart[] => parts.filter((part) => flagged(part) === undefined);

/**
 * What the tensors of the states hold where some states are given by name and the rest is zero, or learned.
 * @param what names the argument in an error
 * @throws WebgpuRnnError when there is no such state, or one has another shape or is not finite
 */
export function fillStates(
  what: string,
  states: StateParts,
  given: NamedTensors = new Map(),
): Map<Tensor, Float32Array> {
  named(what, given);
  const known = [...states.values()].flatMap(visible);
  for (const [name, tensor] of given) {
    const part = known.find((candidate) => candidate.name === name);
    if (!part) {
      const expected = known.length > 0 ? `one of ${known.map((state) => state.name).join(", ")}` : "none";
      throw refuse({ what, expected, got: name });
    }
    checkTensor(`${what}: "${name}"`, tensor, part.shape);
  }
  return new Map(
    [...states].map(([tensor, parts]) => {
      const elements = new Float32Array(sizeOf(tensor.shape));
      for (const { name, offset } of visible(parts)) elements.set(given.get(name)?.data ?? [], offset);
      for (const part of parts) {
        const goesOn = given.has(flagged(part) ?? "");
        if (goesOn) elements.fill(1, part.offset, part.offset + sizeOf(part.shape));
      }
      return [tensor, elements];
    }),
  );
}

/** The states within what was read of their tensors, by name. */
export function namedStates(states: StateParts, read: ReadonlyMap<Tensor, ArrayLike<number>>): NamedTensors {
  return new Map(
    [...states].flatMap(([tensor, parts]) =>
      visible(parts).map(({ name, shape, offset }): [string, HostTensor] => {
        const elements = read.get(tensor) as ArrayLike<number>;
        const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => elements[offset + i] as number);
        return [name, { shape, data }];
      }),
    ),
  );
}
