import { whole } from "../check.ts";
import { refuse } from "../errors.ts";

/** Which steps the rows of a batch take; one of both, or neither where all rows take all steps. */
export interface RowSteps {
  /** Steps of each row from the first on, 0 to T, in any order of rows. */
  readonly lengths?: ArrayLike<number> | undefined;
  /** [B, T] of 1 where a row takes the step, else 0: its states then stay as they are. [T, B] if time-major. */
  readonly mask?: ArrayLike<number> | readonly ArrayLike<number>[] | undefined;
}

/**
 * @returns [T, B] of 1 and 0; undefined where all rows take all steps
 * @throws WebgpuRnnError when both are given, or one has another shape or other values
 */
export function deviceMask(
  { lengths, mask }: RowSteps,
  batch: number,
  time: number,
  batchFirst: boolean,
): Float32Array | undefined {
  if (lengths !== undefined && mask !== undefined) {
    throw refuse({ what: "mask", expected: "lengths or a mask", got: "both" });
  }
  if (lengths !== undefined) return ofLengths(lengths, batch, time);
  return mask === undefined ? undefined : ofMask(mask, batch, time, batchFirst);
}

function ofLengths(lengths: ArrayLike<number>, batch: number, time: number): Float32Array {
  if (lengths?.length !== batch) {
    throw refuse({ what: "lengths", expected: `${batch}, one for each row`, got: String(lengths?.length) });
  }
  Array.from(lengths).forEach((length, row) => {
    whole(`lengths: row ${row}`, length, 0, time);
  });
  return Float32Array.from({ length: time * batch }, (_, i) =>
    Math.floor(i / batch) < (lengths[i % batch] as number) ? 1 : 0,
  );
}

function ofMask(mask: NonNullable<RowSteps["mask"]>, batch: number, time: number, batchFirst: boolean): Float32Array {
  const [outer, inner] = batchFirst ? [batch, time] : [time, batch];
  if (mask === null) throw refuse({ what: "mask", expected: `shape [${outer}, ${inner}]`, got: "null" });
  const rows = Array.from<unknown>(mask);
  const nested = rows.every((row) => typeof row === "object" && row !== null)
    ? (rows as ArrayLike<number>[])
    : undefined;
  const ragged = nested !== undefined && (nested.length !== outer || nested.some((row) => row.length !== inner));
  const flat = nested ? nested.flatMap((row) => Array.from(row)) : (rows as number[]);
  if (ragged || flat.length !== batch * time) {
    const got = nested ? `rows of ${nested.map((row) => row.length).join(", ")}` : `${flat.length} numbers`;
    throw refuse({ what: "mask", expected: `shape [${outer}, ${inner}]`, got });
  }
  const wrong = flat.findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0) throw refuse({ what: "mask", expected: "zeros and ones", got: `${flat[wrong]} at place ${wrong}` });
  return Float32Array.from({ length: time * batch }, (_, i) => {
    const [t, row] = [Math.floor(i / batch), i % batch];
    return flat[batchFirst ? row * time + t : i] as number;
  });
}
