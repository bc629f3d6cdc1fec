import { refuse } from "../errors.ts";
import type { Cell } from "../ops/cells.ts";
import { dropout as recordDropout } from "../ops/dropout.ts";
import { learnState } from "../ops/learned-state.ts";
import { recurrent as recordRecurrent } from "../ops/recurrent.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { FLAG, type Layer, type LayerConfig, type LayerContext, type StatePart } from "./layer.ts";
import { type RecurrentOptions, type ResolvedOptions, resolveOptions, stateWidths } from "./recurrent-options.ts";
import { type Level, levelParameters, levelWeights } from "./recurrent-parameters.ts";

export interface RecurrentDescription {
  readonly kind: string;
  readonly cell: Cell;
  readonly inputs: number; // I
  readonly hidden: number | readonly number[]; // H
  /** Units of h where a second stage projects. */
  readonly out?: number | undefined;
  readonly projection?: "hr" | "ho";
  /** Letters of the states, the output first. Default h, c. */
  readonly letters?: readonly string[];
  readonly forgetBias?: number | undefined;
  readonly options: RecurrentOptions;
  /** What the layer is built again from. */
  readonly config: LayerConfig;
}

/** One layer of the stack in all its directions. */
interface Floor {
  readonly levels: readonly Level[];
  readonly index: number;
}

/**
 * Layers of one cell, one on the other: [T, B, I] → [T, B, D·H]. Parameters by PyTorch's names: `weight_ih_l<k>`
 * [G·H, I], `weight_hh_l<k>` [G·H, H], `bias_ih_l<k>` and `bias_hh_l<k>` [G·H], `…_reverse` for the reverse direction of
 * a bidirectional layer, uniform in ±1/√H at the start; with layer normalisation also `gain_ih_l<k>`, `gain_hh_l<k>`
 * [G·H].
 * @throws WebgpuRnnError when a size is not a whole number from 1 to 65,536, a share lies outside [0, 1) or an option is
 *   none of its choices
 */
export function recurrentLayers(described: RecurrentDescription): Layer {
  const { kind, cell, inputs, config } = described;
  const options = resolveOptions(kind, described.hidden, described.options);
  if (cell.diagonal && options.initial.recurrent) {
    const expected = "none where R is a diagonal";
    throw refuse({ what: `${kind}: initial.recurrent`, expected, got: options.initial.recurrent });
  }
  const floors = floorsOf(described, options);
  const top = floors.at(-1) as Floor;
  return {
    kind,
    config,
    parameters: floors.flatMap(({ levels }) => levels.flatMap(levelParameters)),
    input: inputs,
    output: outputOf(top.levels[0]?.out as number, options),
    pools: options.returns === "last",
    wholeSequence: options.direction !== "forward",
    reversedFrom: reversedFrom(top.levels[0]?.out as number, options),
    record: (context, x) =>
      floors.reduce((below, floor) => {
        const share = floor.index === 0 ? options.inputDropout : options.dropout;
        const input = recordDropout(context.recorder, below, share);
        return recordFloor(context, floor, input, described, { ...options, last: floor === top });
      }, x),
  };
}

function floorsOf(described: RecurrentDescription, options: ResolvedOptions): Floor[] {
  const { cell, inputs, projection, forgetBias, letters = ["h", "c"] } = described;
  const { widths, direction, bias, layerNorm, initialState, initial } = options;
  const suffixes = direction === "bidirectional" ? ["", "_reverse"] : [""];
  return widths.map((hidden, index) => {
    const out = described.out ?? hidden;
    const below = described.out ?? (widths[index - 1] as number);
    const level = (suffix: string): Level => ({
      cell,
      inputs: index === 0 ? inputs : outputOf(below, options),
      hidden,
      out,
      bias,
      layerNorm,
      learned: initialState === "learned" ? letters.slice(0, cell.states) : [],
      suffix: `_l${index}${suffix}`,
      ...(projection ? { projection } : {}),
      initial,
      forgetBias,
    });
    return { index, levels: suffixes.map(level) };
  });
}

const outputOf = (out: number, { direction, merge }: ResolvedOptions): number =>
  direction === "bidirectional" && merge === "concat" ? 2 * out : out;

function reversedFrom(out: number, { direction, merge }: ResolvedOptions): number | "merged" {
  if (direction === "bidirectional" && merge !== "concat") return "merged";
  return direction === "reverse" ? 0 : out;
}

function recordFloor(
  context: LayerContext,
  { levels, index }: Floor,
  x: Tensor,
  { cell, letters = ["h", "c"] }: RecurrentDescription,
  options: ResolvedOptions & { last: boolean },
): Tensor {
  const { recorder, mask, parameter, tap } = context;
  const { hidden, out } = levels[0] as Level;
  const batch = x.shape[1] as number;
  const parts = partsOf(cell, levels, letters, batch);
  const learned = options.initialState === "learned";
  const flags = learned ? flagsOf(parts, batch) : [];
  const state = context.state(`state_l${index}`, [...parts, ...flags]);
  if (learned) {
    learnState(recorder, {
      state,
      parts: parts.map(({ name, offset }, i) => ({
        first: offset,
        learned: parameter(`initial_${name}`),
        carried: (flags[i] as StatePart).offset,
      })),
      batch,
    });
  }
  const { y, outputs, gates } = recordRecurrent(recorder, {
    cell,
    x,
    hidden,
    out,
    directions: levels.map((level) => levelWeights(level, parameter)),
    reverse: options.direction === "reverse",
    state,
    mask,
    zeroPadding: options.padding === "zero" && options.last,
    lastOnly: options.returns === "last" && options.last,
    merge: options.merge,
    layerNorm: options.layerNorm,
    zoneout: options.zoneout,
    recurrentDropout: options.recurrentDropout,
    oneMask: options.recurrentDropoutMask === "sequence",
    dropConnect: options.dropConnect,
    flow: context.flow,
    machine: options.machine,
  });
  levels.forEach(({ suffix }, d) => {
    tap(`${letters[0]}${suffix}`, outputs[d] as Tensor);
    tap(`gates${suffix}`, gates[d] as Tensor);
  });
  return y;
}

/** A flag for each row of each state, behind all of them: 0 starts from what is learned. */
function flagsOf(parts: readonly StatePart[], batch: number): StatePart[] {
  const first = parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return parts.map(({ name }, i) => ({ name: `${FLAG}${name}`, shape: [batch, 1], offset: first + i * batch }));
}

/** The states of a layer: by direction the output h, and c where the cell has two. */
function partsOf(cell: Cell, levels: readonly Level[], letters: readonly string[], batch: number): StatePart[] {
  let offset = 0;
  return levels.flatMap(({ hidden, out, suffix }) =>
    stateWidths(cell, hidden, out).map((width, s): StatePart => {
      const part = { name: `${letters[s]}${suffix}`, shape: [batch, width] as const, offset };
      offset += batch * width;
      return part;
    }),
  );
}
