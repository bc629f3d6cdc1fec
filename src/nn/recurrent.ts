import { refuse } from "../errors.ts";
import type { Cell } from "../ops/cells.ts";
import { dropout as recordDropout } from "../ops/dropout.ts";
import { learnState } from "../ops/learned-state.ts";
import { recurrentStack } from "../ops/recurrent-stack.ts";
import type { Tensor } from "../tensor.ts";
import { FLAG, type Layer, type LayerConfig, type LayerContext, type StatePart } from "./layer.ts";
import { type RecurrentOptions, type ResolvedOptions, resolveOptions, stateWidths } from "./recurrent-options.ts";
import { type Level, levelParameters, levelWeights } from "./recurrent-parameters.ts";

interface RecurrentDescription {
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

/** Floors whose states are one tensor, because a wavefront can take them; or one floor. */
type Story = readonly Floor[];

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
  const apart = whatKeepsApart(cell, options);
  if (options.machine === "wavefront" && apart) {
    const cure = "leave `machine` out, or take another";
    throw refuse({
      what: `${kind}: machine "wavefront"`,
      expected: "layers that it can take together",
      got: apart,
      cure,
    });
  }
  const stories: readonly Story[] = apart ? floors.map((floor) => [floor]) : [floors];
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
      stories.reduce((below, story) => {
        const share = story.includes(floors[0] as Floor) ? options.inputDropout : options.dropout;
        const input = recordDropout(context.recorder, below, share);
        const record = () => recordStory(context, story, input, described, { ...options, last: story.at(-1) === top });
        // By names of their own: layers of one shape are played alike, for the same reasons.
        return stories.length > 1 ? context.recorder.scope(`l${story[0]?.index}`, record) : record();
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

/** Why a wavefront cannot take the layers; undefined where it can. */
function whatKeepsApart(
  { second, diagonal }: Cell,
  { widths, direction, layerNorm, dropout, recurrentDropout }: ResolvedOptions,
): string | undefined {
  const reasons = {
    "one layer": widths.length === 1,
    "several widths": new Set(widths).size > 1,
    "both directions": direction === "bidirectional",
    "a second product": second,
    "a diagonal R": diagonal,
    layerNorm,
    dropout,
    recurrentDropout,
  };
  return Object.entries(reasons).find(([, holds]) => holds)?.[0];
}

const outputOf = (out: number, { direction, merge }: ResolvedOptions): number =>
  direction === "bidirectional" && merge === "concat" ? 2 * out : out;

function reversedFrom(out: number, { direction, merge }: ResolvedOptions): number | "merged" {
  if (direction === "bidirectional" && merge !== "concat") return "merged";
  return direction === "reverse" ? 0 : out;
}

function recordStory(
  context: LayerContext,
  story: Story,
  x: Tensor,
  { cell, letters = ["h", "c"] }: RecurrentDescription,
  options: ResolvedOptions & { last: boolean },
): Tensor {
  const { recorder, mask, parameter, tap } = context;
  const levels = story.flatMap((floor) => floor.levels);
  const { hidden, out } = levels[0] as Level;
  const batch = x.shape[1] as number;
  const learned = options.initialState === "learned";
  const places = story.map(({ levels }, i) => placesOf(cell, levels, letters, { batch, learned, before: i }));
  const all = places.flatMap(({ parts, flags }) => [...parts, ...flags]);
  const state = context.state(`state_l${story[0]?.index}`, all, story.length);
  if (learned) {
    const carried = places.flatMap(({ parts, flags }) =>
      flags.map(({ offset }, i) => {
        const { name, offset: first } = parts[i] as StatePart;
        return { first, learned: parameter(`initial_${name}`), carried: offset };
      }),
    );
    learnState(recorder, { state, parts: carried, batch });
  }
  const { y, outputs, gates } = recurrentStack(recorder, {
    cell,
    x,
    hidden,
    out,
    layers: story.map((floor) => floor.levels.map((level) => levelWeights(level, parameter))),
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
  levels.forEach(({ suffix }, p) => {
    tap(`${letters[0]}${suffix}`, outputs[p] as Tensor);
    tap(`gates${suffix}`, gates[p] as Tensor);
  });
  return y;
}

/**
 * Where the states of a layer lie, by direction the output h, and c where the cell has two; where they are learned, a flag
 * for each row of each behind all of them: 0 starts from what is learned.
 * @param before how many layers of the same sizes lie before it
 */
function placesOf(
  cell: Cell,
  levels: readonly Level[],
  letters: readonly string[],
  { batch, learned, before }: { readonly batch: number; readonly learned: boolean; readonly before: number },
): { readonly parts: StatePart[]; readonly flags: StatePart[] } {
  const named = levels.flatMap(({ hidden, out, suffix }) =>
    stateWidths(cell, hidden, out).map((width, s) => ({ name: `${letters[s]}${suffix}`, width })),
  );
  const flagged = learned ? named.map(({ name }) => ({ name: `${FLAG}${name}`, width: 1 })) : [];
  const all = [...named, ...flagged];
  let offset = before * batch * all.reduce((sum, { width }) => sum + width, 0);
  const placed = all.map(({ name, width }): StatePart => {
    const part = { name, shape: [batch, width] as const, offset };
    offset += batch * width;
    return part;
  });
  return { parts: placed.slice(0, named.length), flags: placed.slice(named.length) };
}
