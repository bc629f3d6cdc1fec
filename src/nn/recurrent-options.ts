import { flag, oneOf, onlyKnown, whole, wholeNumbers, within } from "../check.ts";
import { refuse } from "../errors.ts";
import type { CellTraits } from "../ops/cells.ts";
import { ALL_MACHINES, type Machine } from "../ops/machine-options.ts";
import { MERGE_MODES, type MergeMode } from "../ops/merge.ts";
import { checkInitial, type Initializer } from "./initializers.ts";

const DIRECTIONS = ["forward", "reverse", "bidirectional"] as const;
const MASKS = ["step", "sequence"] as const;
const STATES = ["zero", "learned"] as const;
const PADDINGS = ["zero", "carry"] as const;
const RETURNS = ["sequence", "last"] as const;

/** What every recurrent layer takes. Whatever is random is drawn from the seed, in training only. */
export interface RecurrentOptions {
  /** L, recurrent layers one on the other. Default 1, or as many as there are widths. */
  layers?: number;
  /** "bidirectional" runs both ways with weights of their own. Default "forward". */
  direction?: (typeof DIRECTIONS)[number];
  /** Short for `direction: "bidirectional"`. */
  bidirectional?: boolean | undefined;
  /** How a bidirectional layer puts its two outputs together. Default "concat", [T, B, 2H], as PyTorch. */
  merge?: MergeMode;
  /** Whether there are b_ih and b_hh. Default true. */
  bias?: boolean;
  /**
   * Normalises W·x and R·h, each over all gates of a row, before gain and bias (Ba, Kiros & Hinton 2016, eq. 20 to 22,
   * without their norm of c). A second stage's product is normalised by itself. Default false.
   */
  layerNorm?: boolean;
  /** Share of the inputs of the first layer that training sets to zero, in [0, 1). Default 0. */
  inputDropout?: number;
  /** The same between layers, as PyTorch's `dropout`. Default 0. */
  dropout?: number;
  /** Share of h that training hides from R, in [0, 1). Default 0. */
  recurrentDropout?: number;
  /** A fresh mask of recurrent dropout for each step, or one per sequence (Gal & Ghahramani 2016). Default "step". */
  recurrentDropoutMask?: (typeof MASKS)[number];
  /** Share of R's weights that training sets to zero, one draw a pass (Wan et al. 2013; Merity et al. 2018). Default 0. */
  dropConnect?: number;
  /**
   * Chance of each unit of each state to keep its value for a step, in [0, 1) (Krueger et al. 2017). Outside training
   * its expectation takes the place of the draw, as there: share · old + (1 − share) · new. Default 0.
   */
  zoneout?: number;
  /** What a sequence starts from: zeros, or parameters `initial_h_l<k>` [H]. Default "zero". */
  initialState?: (typeof STATES)[number];
  /** Outputs past a row's length: zeros as PyTorch's, or the state carried on as Keras's. Default "zero". */
  padding?: (typeof PADDINGS)[number];
  /** All outputs [T, B, H], or each direction's final one [1, B, H]. Default "sequence". */
  returns?: (typeof RETURNS)[number];
  /** How each gate's part of `weight_ih` and of `weight_hh` starts. Default: uniform in ±1/√H, as PyTorch. */
  initial?: { weight?: Initializer; recurrent?: Initializer };
  /**
   * The recurrent machine to run on; by default the one that suits the sizes. Layers of one width, in one direction, may run
   * as a wavefront: all at once, each a step behind the one below.
   */
  machine?: Machine;
}

const NAMES = [
  "layers",
  "direction",
  "bidirectional",
  "merge",
  "bias",
  "layerNorm",
  "inputDropout",
  "dropout",
  "recurrentDropout",
  "recurrentDropoutMask",
  "dropConnect",
  "zoneout",
  "initialState",
  "padding",
  "returns",
  "initial",
  "machine",
] as const satisfies readonly (keyof RecurrentOptions)[];

/**
 * The options of a layer with their short form written out.
 * @param own options that this kind of layer has besides
 * @throws WebgpuRnnError when there is no such option, or the direction is given twice
 */
export function writtenOut<Options extends RecurrentOptions>(
  kind: string,
  options: Options,
  own: readonly Exclude<keyof Options & string, keyof RecurrentOptions>[],
): Options {
  onlyKnown(`${kind}: options`, options, [...NAMES, ...own]);
  const { direction, bidirectional } = options;
  flag(`${kind}: bidirectional`, bidirectional);
  if (bidirectional !== undefined && direction !== undefined) {
    throw refuse({ what: `${kind}: bidirectional`, expected: "direction or bidirectional", got: "both" });
  }
  const written = { ...options, bidirectional: undefined };
  return bidirectional ? { ...written, direction: "bidirectional" } : written;
}

/** The options with their defaults, checked, and the width of each layer. */
export interface ResolvedOptions extends Required<Omit<RecurrentOptions, "layers" | "bidirectional" | "machine">> {
  readonly widths: readonly number[];
  readonly machine: Machine | undefined;
}

/**
 * @param hidden H of all layers, or of each
 * @param options written out
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536, a share lies outside [0, 1) or an option is
 *   none of its choices
 */
export function resolveOptions(
  kind: string,
  hidden: number | readonly number[],
  options: RecurrentOptions,
): ResolvedOptions {
  const widths = widthsOf(kind, hidden, options.layers);
  const { inputDropout = 0, dropout = 0, recurrentDropout = 0, dropConnect = 0, zoneout = 0 } = options;
  const shares = { inputDropout, dropout, recurrentDropout, dropConnect, zoneout };
  for (const [name, share] of Object.entries(shares)) within(`${kind}: ${name}`, share, 0, 1);
  const choices = { direction: DIRECTIONS, merge: MERGE_MODES, recurrentDropoutMask: MASKS, initialState: STATES };
  const more = { padding: PADDINGS, returns: RETURNS, machine: ALL_MACHINES };
  for (const [name, allowed] of Object.entries({ ...choices, ...more })) {
    oneOf(`${kind}: ${name}`, options[name as keyof RecurrentOptions] as string | undefined, allowed);
  }
  for (const name of ["bias", "layerNorm"] as const) flag(`${kind}: ${name}`, options[name]);
  checkInitial(kind, options.initial ?? {}, ["weight", "recurrent"]);
  return {
    ...shares,
    widths,
    direction: options.direction ?? "forward",
    merge: options.merge ?? "concat",
    bias: options.bias ?? true,
    layerNorm: options.layerNorm ?? false,
    recurrentDropoutMask: options.recurrentDropoutMask ?? "step",
    initialState: options.initialState ?? "zero",
    padding: options.padding ?? "zero",
    returns: options.returns ?? "sequence",
    initial: options.initial ?? {},
    machine: options.machine,
  };
}

function widthsOf(kind: string, hidden: number | readonly number[], layers: number | undefined): readonly number[] {
  if (!Array.isArray(hidden)) {
    wholeNumbers(kind, { hidden: hidden as number, layers: layers ?? 1 });
    return Array.from({ length: layers ?? 1 }, () => hidden as number);
  }
  const widths = hidden as readonly number[];
  if (widths.length === 0) throw refuse({ what: `${kind}: hidden`, expected: "at least one width", got: "none" });
  widths.forEach((width, level) => {
    wholeNumbers(kind, { [`hidden[${level}]`]: width });
  });
  if (layers !== undefined) whole(`${kind}: layers`, layers, widths.length, widths.length);
  return widths;
}

/** Options that describe the layer again, for checkpoints: those that were given. */
export const givenOptions = (options: object): Record<string, never> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Record<string, never>;

/** How many numbers of a state belong to a row: h first, then what else the cell keeps. */
export const stateWidths = ({ states }: Pick<CellTraits, "states">, hidden: number, out: number): readonly number[] =>
  states === 1 ? [out] : [out, hidden];
