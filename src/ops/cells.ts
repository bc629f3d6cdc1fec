import type { CellShader } from "../variant.ts";
import { activationKey, activationText } from "./activation-text.ts";
import type { ResolvedActivation } from "./activations.ts";

/** What the machines must know of a cell's maths. */
export interface CellTraits {
  /** Its file in `shaders/cell`, and its twin. */
  readonly kind: string;
  /** G of the first stage, rows of H in the weights. */
  readonly gates: number;
  /** S, states of a unit, 1 or 2, the output h first. */
  readonly states: number;
  /** "resets": a second stage with a gate of its own makes h; "projects": it maps the units to those of h. */
  readonly second?: "resets" | "projects";
  /** The gradients for x = W·x + b_ih and for r = R·h + b_hh differ. */
  readonly split?: boolean;
  /** R is a diagonal. */
  readonly diagonal?: boolean;
  /** Peepholes of a unit: 3 (i f o), or 2 (i o). */
  readonly peepholes?: number;
  /** i and f are one gate. */
  readonly coupled?: boolean;
  /** Bound of |c|. */
  readonly cellClip?: number;
}

/** The activations of a cell by their role, for the forward and for the reverse direction. */
export type RoleActivations = Readonly<Record<string, readonly ResolvedActivation[]>>;

/** A recurrent cell, ready to be put into a machine. */
export interface Cell extends CellShader, CellTraits {
  readonly activations: RoleActivations;
  /** Bound of what goes into every activation, as ONNX's `clip`. */
  readonly clip: number | undefined;
}

/**
 * Puts a cell's maths together with its activations, `f`, `g`, `h` as ONNX names them and `out` of a projection.
 * @param maths the text of its file, which only programs that name the cell then load
 */
export function makeCell(maths: string, traits: CellTraits, activations: RoleActivations, clip?: number): Cell {
  const { kind, second, cellClip, coupled, peepholes, diagonal } = traits;
  const roles = Object.entries(activations);
  const usual = roles.every(([, resolved]) => resolved.every(({ name }) => name === "sigmoid" || name === "tanh"));
  const source = [
    usual ? "#import shared/activation" : "#import shared/more_activations",
    ...roles.map(([role, resolved]) =>
      activationText(`activation_${role}`, resolved, role === "out" ? undefined : clip),
    ),
    ...(cellClip === undefined ? [] : [`const CELL_CLIP = f32(${Math.fround(cellClip)});`]),
    maths,
    ...(second === "projects" ? ["#import shared/project"] : []),
  ].join("\n");
  const words = [
    kind,
    ...(coupled ? ["coupled"] : []),
    ...(peepholes ? ["peepholes"] : []),
    ...(diagonal ? ["diagonal"] : []),
    ...(second === "projects" ? ["projects"] : []),
    ...(cellClip === undefined ? [] : [`c within ${cellClip}`]),
    ...roles.map(([role, resolved]) => activationKey(role, resolved, role === "out" ? undefined : clip)),
  ];
  return { ...traits, name: words.join(" "), source, activations, clip };
}

/** Gates of a unit in W·x: those of the first stage, and that of a second stage that resets. */
export const allGates = ({ gates, second }: CellTraits): number => gates + (second === "resets" ? 1 : 0);

/** Elements from the gates of one unit to those of the next where the machines read them: WGSL aligns a vec3f as a vec4f. */
export const gatePitch = (gates: number): number => (gates === 3 ? 4 : gates);
