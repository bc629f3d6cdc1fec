import { allGates, type Cell } from "../ops/cells.ts";
import type { RecurrentWeights } from "../ops/recurrent-weights.ts";
import type { Tensor } from "../tensor.ts";
import { type Initializer, initialOf } from "./initializers.ts";
import type { Initial, Parameter } from "./layer.ts";

/** One direction of one layer of a stack. */
export interface Level {
  readonly cell: Cell;
  readonly inputs: number; // I
  readonly hidden: number; // H
  readonly out: number;
  readonly bias: boolean;
  readonly layerNorm: boolean;
  /** Letters of the states that are learned; none where they start from zeros. */
  readonly learned: readonly string[];
  /** `_l0`, `_l1_reverse`. */
  readonly suffix: string;
  /** Name of the matrix of a second stage that projects, `weight_hr` or `weight_ho`; the latter has a bias. */
  readonly projection?: "hr" | "ho";
  /** How the weights start. */
  readonly initial: { readonly weight?: Initializer; readonly recurrent?: Initializer };
  /** Where the forget gate's bias starts, if it is given. */
  readonly forgetBias?: number | undefined;
}

/** The field of {@link RecurrentWeights} that a parameter which not all layers have fills, by its name without suffix. */
const FIELDS: Readonly<Record<string, keyof RecurrentWeights>> = {
  bias_ih: "biasIh",
  bias_hh: "biasHh",
  weight_hr: "weightOut",
  weight_ho: "weightOut",
  bias_ho: "biasOut",
  peephole: "peepholes",
  gain_ih: "gainIh",
  gain_hh: "gainHh",
};

/** The parameters of a level by PyTorch's names, uniform in ±1/√H at the start unless chosen otherwise, gains at 1, learned states at 0. */
export function levelParameters(level: Level): Parameter[] {
  const { cell, inputs, hidden, out, bias, layerNorm, learned, suffix, projection, forgetBias } = level;
  const rows = allGates(cell) * hidden;
  const initial = { kind: "uniform", bound: 1 / Math.sqrt(hidden) } as const;
  const named = (name: string, shape: readonly number[], start: Initial = initial): Parameter => ({
    name: `${name}${suffix}`,
    shape,
    initial: start,
  });
  const gates = (name: string, columns: number, chosen: Initializer | undefined): Parameter =>
    named(name, [rows, columns], initialOf(chosen, [rows, columns], initial, allGates(cell)));
  const forget = (value: number): Initial =>
    forgetBias === undefined ? initial : { ...initial, from: hidden, to: 2 * hidden, value };
  return [
    gates("weight_ih", inputs, level.initial.weight),
    cell.diagonal ? named("weight_hh", [rows]) : gates("weight_hh", out, level.initial.recurrent),
    ...(bias ? [named("bias_ih", [rows], forget(forgetBias ?? 0)), named("bias_hh", [rows], forget(0))] : []),
    ...(projection ? [named(`weight_${projection}`, [out, hidden])] : []),
    ...(projection === "ho" && bias ? [named("bias_ho", [out])] : []),
    ...(cell.peepholes ? [named("peephole", [cell.peepholes * hidden])] : []),
    ...(layerNorm ? ["gain_ih", "gain_hh"].map((gain) => named(gain, [rows], { kind: "constant", value: 1 })) : []),
    ...learned.map((letter, s) => named(`initial_${letter}`, [s === 0 ? out : hidden], { kind: "constant", value: 0 })),
  ];
}

/** The tensors of a level's parameters, as the machine takes them. */
export function levelWeights(level: Level, parameter: (name: string) => Tensor): RecurrentWeights {
  const { suffix } = level;
  const fields = levelParameters(level).flatMap(({ name }) => {
    const field = FIELDS[name.slice(0, name.length - suffix.length)];
    return field ? [[field, parameter(name)] as const] : [];
  });
  const optional: Partial<RecurrentWeights> = Object.fromEntries(fields);
  return { weightIh: parameter(`weight_ih${suffix}`), weightHh: parameter(`weight_hh${suffix}`), ...optional };
}
