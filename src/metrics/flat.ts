import { list } from "../check.ts";
import { refuse } from "../errors.ts";
import { type HostTensor, shapeText, sizeOf } from "../tensor.ts";

/** Numbers of any shape: in one row, in rows, or a tensor; read in row-major order. */
export type Numbers = ArrayLike<number> | readonly ArrayLike<number>[] | HostTensor;

/** Labels, ids of classes, in one row or in rows such as those of a batch. */
export type Labels = ArrayLike<number> | readonly ArrayLike<number>[];

/** All numbers in one row. */
export function flat(what: string, given: Numbers): ArrayLike<number> {
  if (given !== null && typeof given === "object") {
    if ("data" in given) return tensorData(what, given);
    list(what, given, "numbers");
    if (!Array.isArray(given) || typeof given[0] !== "object") return given as ArrayLike<number>;
    return (given as ArrayLike<number>[]).flatMap((row, place) => {
      list(`${what}: row ${place}`, row, "numbers");
      return Array.from(row);
    });
  }
  throw refuse({ what, expected: "numbers in an array or a tensor", got: String(given) });
}

/** The numbers of a tensor, as many as its shape says. */
export function tensorData(what: string, given: HostTensor): Float32Array {
  if (typeof given !== "object" || given === null || !("shape" in given && "data" in given)) {
    throw refuse({ what, expected: "a tensor with shape and data", got: String(given) });
  }
  const { shape, data } = given;
  list(`${what}: shape`, shape, "sizes");
  list(`${what}: data`, data, "numbers");
  if (data.length === sizeOf(shape)) return data;
  throw refuse({ what, expected: `${sizeOf(shape)} numbers for shape ${shapeText(shape)}`, got: String(data.length) });
}

/** Refuses two lists that are to go side by side and do not. */
export function sameLength(what: string, given: ArrayLike<number>, length: number): void {
  if (given.length !== length) throw refuse({ what, expected: `${length} of them`, got: String(given.length) });
}

/** Refuses what is no class; `ignored` passes. */
export function checkLabel(what: string, label: number, classes: number, ignored?: number): void {
  if (label === ignored || (Number.isInteger(label) && label >= 0 && label < classes)) return;
  throw refuse({ what, expected: `classes from 0 to ${classes - 1}`, got: String(label) });
}
