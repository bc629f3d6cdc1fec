import { refuse } from "../errors.ts";
import type { Loss } from "../losses/loss.ts";
import { type HostTensor, shapeText, sizeOf } from "../tensor.ts";
import { checkFinite, toDevice } from "./host-layout.ts";
import { checkIds } from "./ids.ts";

/**
 * What the outputs of a batch should be. Ids: [B, T], in one row or in B rows; [B] where the model gives one step for a
 * sequence. Numbers: a tensor [B, T, O], or [B, O]; just its numbers, row-major, do as well.
 */
export type Targets = ArrayLike<number> | readonly ArrayLike<number>[] | HostTensor;

/** The sizes of a model's outputs. */
export interface OutputShape {
  readonly batch: number; // B
  readonly time: number; // T, or 1
  readonly width: number; // O
}

/** The rows of a batch as a loss sees them. */
export interface DeviceTargets {
  readonly elements: Uint32Array | Float32Array; // [T, B] or [T, B, O]
  /** [T, B]: 1 / weight for each row that counts, 0 for the others; undefined where all rows count, each for 1. */
  readonly weights: Float32Array | undefined;
  /** What all rows weigh together. */
  readonly weight: number;
}

/**
 * Checks targets, puts them into the device's order and weighs their rows.
 * @param counted [T, B] of 1 and 0, the rows that count; undefined: all
 * @throws WebgpuRnnError when they have another shape, or one is out of range
 */
export function deviceTargets(
  loss: Loss,
  targets: Targets,
  shape: OutputShape,
  counted: Float32Array | undefined,
): DeviceTargets {
  const { batch, time, width } = shape;
  if (loss.targets === "numbers") {
    const numbers = flat(targets, sizeOf([batch, time, width]), [batch, ...(time > 1 ? [time] : []), width], "numbers");
    checkFinite("targets", numbers);
    loss.check?.("targets", numbers);
    return { elements: toDevice(numbers, shape, "batch-first"), ...weighed(counted, batch * time) };
  }
  const { ignoreIndex, classWeights } = loss;
  const ids = flat(targets, batch * time, time > 1 ? [batch, time] : [batch], "ids");
  checkIds("targets", ids, width, ignoreIndex);
  const ordered = Array.from(
    { length: batch * time },
    (_, i) => ids[(i % batch) * time + Math.floor(i / batch)] as number,
  );
  const rows = Float32Array.from(ordered, (id, i) => (id === ignoreIndex || counted?.[i] === 0 ? 0 : 1));
  const unequal = counted !== undefined || ignoreIndex !== undefined || classWeights !== undefined;
  return {
    elements: Uint32Array.from(ordered, (id) => (id === ignoreIndex ? 0 : id)),
    ...weighed(unequal ? rows : undefined, batch * time, (row) => classWeights?.[ordered[row] as number] ?? 1),
  };
}

/**
 * Each weight is rounded once, from a sum in float64. The terms of a row's loss are multiplied by their class weights
 * where the loss is taken, so that all rows that count are divided by the same sum here.
 * @param counted 1 and 0; undefined: all
 * @param weigh what a row adds to the sum
 */
function weighed(
  counted: Float32Array | undefined,
  length: number,
  weigh: (row: number) => number = () => 1,
): Pick<DeviceTargets, "weights" | "weight"> {
  if (!counted) return { weights: undefined, weight: length };
  const weight = counted.reduce((sum, on, row) => (on === 0 ? sum : sum + weigh(row)), 0);
  return { weights: weight === 0 ? new Float32Array(length) : counted.map((on) => on / weight), weight };
}

/** All targets as one row, in the shape wanted or refused. */
function flat(targets: Targets, length: number, shape: readonly number[], what: "ids" | "numbers"): ArrayLike<number> {
  const expected = `${length} ${what}, ${shapeText(shape)}`;
  if (targets !== null && typeof targets === "object" && "data" in targets) {
    const given = targets.shape.filter((size) => size !== 1);
    const fits = shapeText(given) === shapeText(shape.filter((size) => size !== 1));
    if (fits && targets.data?.length === length) return targets.data;
    throw refuse({ what: "targets", expected, got: `shape ${shapeText(targets.shape)}` });
  }
  const given: unknown[] = Array.from<unknown>(targets ?? []);
  const rows = given.filter((row): row is ArrayLike<number> => typeof row === "object" && row !== null);
  const all = rows.length > 0 ? rows.flatMap((row) => Array.from(row)) : (given as number[]);
  const [batch] = shape as [number];
  const ragged = rows.length > 0 && (rows.length !== batch || rows.some((row) => row.length !== length / batch));
  if (all.length === length && !ragged) return all;
  const got = rows.length > 0 ? `rows of ${rows.map((row) => row.length).join(", ")}` : String(all.length);
  throw refuse({ what: "targets", expected, got });
}
