import { finite, list, onlyKnown, whole } from "../check.ts";
import { refuse } from "../errors.ts";

export interface PadOptions {
  /** T, steps of every row afterwards. Default: those of the longest row. */
  length?: number;
  /** What fills a row up. Default 0. */
  padding?: number;
}

export interface PadFeatureOptions extends PadOptions {
  /** I, features of one step. */
  width: number;
}

/**
 * Fills rows up at their ends to one length, as a batch wants them; their lengths go beside:
 * `trainer.step({ inputs: padSequences(rows), lengths: rows.map((row) => row.length), targets })`.
 * @param rows B rows of ids; or with `width` of features, [T_b, I] row-major, whose lengths are `row.length / width`
 * @returns B new rows: [T] ids, or [T, I] features
 * @throws WebgpuRnnError when all rows are empty, one is longer than `length` or no whole number of steps, or an id is no
 *   whole number from 0 to 2³² − 1
 */
export function padSequences(rows: readonly ArrayLike<number>[], options: PadFeatureOptions): Float32Array[];
export function padSequences(rows: readonly ArrayLike<number>[], options?: PadOptions): Uint32Array[];
export function padSequences(
  rows: readonly ArrayLike<number>[],
  options: PadOptions & { width?: number } = {},
): Uint32Array[] | Float32Array[] {
  const what = "padSequences";
  onlyKnown(what, options, ["length", "padding", "width"]);
  const { length, padding = 0, width } = options;
  if (width !== undefined) whole(`${what}: width`, width, 1);
  if (length !== undefined) whole(`${what}: length`, length, 1);
  list(what, rows, "rows");
  const steps = Array.from(rows, (row, b) => stepsOf(row, b, width ?? 1));
  const longest = steps.reduce((most, count) => Math.max(most, count), 0);
  if (longest === 0) throw refuse({ what, expected: "at least one row that is not empty", got: `${rows.length} rows` });
  const time = length ?? longest;
  const tooLong = steps.findIndex((count) => count > time);
  if (tooLong >= 0) {
    const got = `${steps[tooLong]} as row ${tooLong}`;
    throw refuse({ what, expected: `rows of at most ${time} steps`, got, cure: "cut them, or give a larger length" });
  }
  if (width !== undefined) {
    finite(`${what}: padding`, padding);
    return rows.map((row) => filled(new Float32Array(time * width), row, padding));
  }
  checkId(`${what}: padding`, padding);
  for (const [b, row] of rows.entries()) {
    for (let t = 0; t < row.length; t++) checkId(`${what}: row ${b}`, row[t] as number);
  }
  return rows.map((row) => filled(new Uint32Array(time), row, padding));
}

function stepsOf(row: ArrayLike<number>, b: number, width: number): number {
  list(`padSequences: row ${b}`, row, "numbers");
  if (row.length % width === 0) return row.length / width;
  const expected = `rows of whole steps, ${width} numbers each`;
  throw refuse({ what: "padSequences", expected, got: `${row.length} numbers as row ${b}` });
}

/** An array of ids would wrap what is none round without a word. */
const checkId = (what: string, id: number): void => whole(what, id, 0, 2 ** 32 - 1);

function filled<Row extends Uint32Array | Float32Array>(into: Row, row: ArrayLike<number>, padding: number): Row {
  into.set(row);
  into.fill(padding, row.length);
  return into;
}
