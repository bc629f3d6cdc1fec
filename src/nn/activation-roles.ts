import { refuse } from "../errors.ts";
import { type Activation, resolveActivation } from "../ops/activations.ts";
import type { RoleActivations } from "../ops/cells.ts";
import type { RecurrentOptions } from "./recurrent-options.ts";

/** One activation for each role, in ONNX's order; twice as many for a bidirectional layer whose directions differ. */
export type ActivationChoice = readonly Activation[];

/**
 * The activations of a cell by role and direction.
 * @param defaults in ONNX's order
 * @throws WebgpuRnnError when there are too few or too many, one is unknown or lacks a number
 */
export function rolesOf(
  kind: string,
  defaults: Readonly<Record<string, Activation>>,
  chosen: ActivationChoice | undefined,
  direction: RecurrentOptions["direction"],
): RoleActivations {
  const roles = Object.keys(defaults);
  const given = chosen ?? Object.values(defaults);
  const most = direction === "bidirectional" ? 2 : 1;
  const sets = Array.isArray(given) ? given.length / roles.length : 0;
  if (sets !== 1 && sets !== most) {
    const twice = most === 2 ? `, or ${2 * roles.length}, forward then reverse` : "";
    const got = Array.isArray(given) ? String(given.length) : String(given);
    throw refuse({ what: `${kind}: activations`, expected: `${roles.length} (${roles.join(", ")})${twice}`, got });
  }
  return Object.fromEntries(
    roles.map((role, i) => [
      role,
      Array.from({ length: sets }, (_, set) =>
        resolveActivation(`${kind}: activation ${role}`, given[set * roles.length + i] as Activation),
      ),
    ]),
  );
}

/** @throws WebgpuRnnError when a bound is given that is not a finite number above 0 */
export function clipOf(what: string, clip: number | undefined): number | undefined {
  if (clip === undefined) return undefined;
  if (!(Math.fround(clip) > 0 && Number.isFinite(Math.fround(clip)))) {
    throw refuse({ what, expected: "a finite number above 0", got: String(clip) });
  }
  return clip;
}
