import type { ResolvedActivation } from "../../ops/activations.ts";
import type { Cell, RoleActivations } from "../../ops/cells.ts";
import { type ActivationTwin, activationTwin } from "../activations.ts";

/** The activation of a cell by its role and direction; one set serves both directions where there is no second. */
export function rolesOf({ activations, clip }: { activations: RoleActivations; clip: Cell["clip"] }) {
  const twins = new Map(
    Object.entries(activations).map(([role, resolved]) => [
      role,
      resolved.map((activation: ResolvedActivation) => activationTwin(activation, role === "out" ? undefined : clip)),
    ]),
  );
  return (role: string, direction: number): ActivationTwin => {
    const found = twins.get(role)?.[direction] ?? twins.get(role)?.[0];
    if (!found) throw new Error(`internal: the cell has no activation ${role}`);
    return found;
  };
}
